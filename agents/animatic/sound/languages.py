"""Finds out in which language a text is to be spoken: from its letters, where they leave no choice."""

import unicodedata
from collections import Counter

# The first word of a letter's Unicode name is its script. One language stands for each: the one that most people read in it.
_LANGUAGE_OF_SCRIPT = {
    "ARABIC": "ar",
    "ARMENIAN": "hy",
    "BENGALI": "bn",
    "CJK": "zh",
    "CYRILLIC": "ru",
    "DEVANAGARI": "hi",
    "ETHIOPIC": "am",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "HANGUL": "ko",
    "HEBREW": "he",
    "HIRAGANA": "ja",
    "KANNADA": "kn",
    "KATAKANA": "ja",
    "LATIN": "en",
    "MALAYALAM": "ml",
    "MYANMAR": "my",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAI": "th",
}
# Languages that are written in the same letters as the one that stands for them.
_SCRIPT_OF_LANGUAGE = {
    **{language: script for script, language in _LANGUAGE_OF_SCRIPT.items() if language != "ja"},
    **dict.fromkeys(("bg", "uk", "be", "mk", "sr", "kk", "ky", "ba", "tt", "cv"), "CYRILLIC"),
    **dict.fromkeys(("fa", "ur", "sd", "ug", "ku"), "ARABIC"),
    **dict.fromkeys(("mr", "ne", "kok"), "DEVANAGARI"),
    "as": "BENGALI",
    "ja": "HIRAGANA",
    "yue": "CJK",
}
USUAL = "en"


def language_of(text: str, film_language: str) -> str:
    """The language (ISO 639-1) in which the text is spoken: the film's, unless its letters say that it is another."""
    script = _script_of(text)
    if not script or _SCRIPT_OF_LANGUAGE.get(film_language, "LATIN") == script:
        return film_language or USUAL
    if film_language == "ja" and script == "CJK":
        return "ja"
    return _LANGUAGE_OF_SCRIPT.get(script, USUAL)


def _script_of(text: str) -> str:
    """The script of most of its letters; Japanese shows by its kana, however many Chinese characters there are."""
    found = Counter(unicodedata.name(letter, "").split(" ")[0].split("-")[0] for letter in text if letter.isalpha())
    kana = found["HIRAGANA"] + found["KATAKANA"]
    if kana and kana * 10 >= found["CJK"]:
        return "HIRAGANA"
    return found.most_common(1)[0][0] if found else ""
