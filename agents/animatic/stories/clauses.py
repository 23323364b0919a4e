"""Cuts the sentences of an idea into clauses: what one shot has to show. No word is added but a subject, no order changed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.animatic.film import FilmForm
from agents.animatic.sentences import sentences_of
from agents.animatic.stories.grammar import capital
from agents.animatic.stories.languages import seams_of
from agents.animatic.stories.persons import Person
from agents.animatic.stories.tagging import FINITE, NAME, NOUNS, Token, tagged

FEWEST_WORDS = 3  # of a clause that may stand alone
SHORTEST_SPLIT = 36  # characters; a shorter sentence is one clause
MOST_WORDS_LISTED = 6  # of one part of a sentence without a verb
MOST_WORDS_OF_STEP = 30
LONGEST_MANNER = 20  # characters between "says" and what is said: " to the girl:"
MOST_SAYERS = 3  # words of "the old man says"
LONGEST_CLAUSE = 110  # characters; a longer one is cut at the next best place

_SUBORDINATE = frozenset(
    [
        "before",
        "after",
        "until",
        "while",
        "when",
        "because",
        "where",
        "if",
        "though",
        "although",
        "so",
        "unless",
        "once",
        "whenever",
    ]
)
_JOINING = frozenset({"and", "but", "or", "so", "then", "yet"})
_ENDS = (".", "!", "?", "…", "。", "！", "？", ",", "，", "、", ";", "；", ":", "：", "”", '"', "»", "」")
_QUOTED = re.compile(r"[\"“„«「](?P<words>[^\"“”„«»「」]{1,400})[\"”“»」]")
_SAYS = re.compile(
    r"\b(?:says?|said|asks?|asked|shouts?|shouted|whispers?|whispered|calls?|called|cries|cried|answers?|answered|replies|replied|yells?"
    r"|yelled|screams?|screamed|mutters?|muttered|tells?|told|begs?|begged|sings?|announces?|announced|warns?|warned|promises|promised)\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"(?P<before>[^.!?]{2,80}?)\b(?P<verb>says|said|shouts|shouted|whispers|whispered|announces|announced|warns|warned|promises|promised)"
    r" that (?P<words>[^.!?\"“”]{3,140})(?P<end>[.!?])?$",
    re.IGNORECASE,
)
_THIRD_PERSONS = re.compile(r"\b(?:he|she|they|him|her|his|them|their|it|its)\b", re.IGNORECASE)
_MANNERS = {"shout": "shouting", "yell": "shouting", "scream": "shouting", "whisper": "whispering", "mutter": "muttering", "call": "calling",
    "cri": "crying", "cry": "crying", "beg": "begging", "sing": "singing"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clause:
    """What one shot shows or lets hear. `speech` is dialogue of `speaker`, a label of the cast."""

    text: str
    sentence: int = 0
    speaker: str = ""
    manner: str = ""
    is_extra: bool = False  # not a clause of the idea, but what it names, shown for itself


def clauses_of(text: str, people: Sequence[Person], *, form: FilmForm, language: str) -> list[Clause]:
    """The clauses of an idea, in order."""
    found: list[Clause] = []
    for number, sentence in enumerate(sentences_of(text)):
        for part in _speeches(sentence, people, [clause.text for clause in found]):
            if part.speaker:
                found.append(Clause(part.text, number, part.speaker, part.manner))
            elif any(map(str.isalnum, part.text)):
                found.extend(Clause(clause, number) for clause in _clauses(part.text, form, language))
    return found


def _clauses(text: str, form: FilmForm, language: str) -> Iterator[str]:
    if language in {"", "en"}:
        pieces = [capital(piece) for piece in english_clauses(text, is_list=form == "how_to")]
    else:
        pieces = foreign_clauses(text, language)
    for piece in pieces:
        if any(map(str.isalnum, piece)):
            yield finished(piece)


def finished(text: str) -> str:
    """A clause with an end."""
    text = re.sub(r"\s+([,.;:!?])", r"\1", text.strip(" ;–—-"))
    if text.endswith((":", ";")):
        text = text[:-1]
    return text if text.endswith(_ENDS) else f"{text}{'。' if _CASELESS.search(text) else '.'}"


def _ended(text: str) -> str:
    """A main clause that was cut ahead of a comma ends there; one that waits for another keeps its comma."""
    return text[:-1] + "." if text.endswith(",") else text


# --- English ------------------------------------------------------------------------------------------------------------------


def english_clauses(sentence: str, *, is_list: bool = False) -> list[str]:
    """ "The man falls, and the dog barks until a farmer comes" as three clauses. `is_list`: each comma ends a step."""
    tokens = tagged(sentence)
    if is_list or not _has_verb(tokens):
        parts = _listed(sentence, most=MOST_WORDS_OF_STEP if is_list else MOST_WORDS_LISTED)
        if parts:
            return parts
    return _cut(sentence, tokens) if len(sentence) >= SHORTEST_SPLIT else [sentence]


def _listed(sentence: str, *, most: int) -> list[str]:
    """ "A haunted house, three friends, one night" in three, where each of the parts has two words at least."""
    parts = [part.strip() for part in re.split(r"[,;:]\s(?:(?:and|then)\s)?", sentence)]
    return parts if len(parts) > 1 and all(1 < len(part.split()) <= most for part in parts) else []


def _cut(sentence: str, tokens: Sequence[Token]) -> list[str]:
    pieces: list[Sequence[Token]] = []
    start = 0
    for cut in range(1, len(tokens) + 1):
        if cut < len(tokens) and not _is_cut(tokens, cut, start):
            continue
        is_titled = cut < len(tokens) and tokens[cut - 1].text == ":"
        if (is_titled or _may_stand(tokens[start:cut])) and (cut == len(tokens) or _may_stand(tokens[cut:])):
            pieces.append(tokens[start:cut])
            start = cut
    if start < len(tokens):
        pieces = [*pieces[:-1], [*(pieces[-1] if pieces else []), *tokens[start:]]]
    subject = _subject(pieces[0]) if pieces else ""
    texts = []
    for number, piece in enumerate(pieces):
        text = sentence[piece[0].start : piece[-1].end]
        text = text if _waits(piece) else _ended(text)
        texts.append(text if number == 0 else _alone(text, piece, subject))
        subject = _subject(piece) or subject
    return [short for text in texts for short in _cut_long(text)]


def _waits(piece: Sequence[Token]) -> bool:
    """Whether the clause introduces the next one: "When the snow melts,", "On the ship,"."""
    return piece[0].low in _SUBORDINATE or piece[0].tag == "PRP" or not _has_verb(piece)


def _is_cut(tokens: Sequence[Token], at: int, start: int) -> bool:
    """Whether a new clause begins with this word."""
    token, before = tokens[at], tokens[at - 1]
    if before.text in {";", ":", "–", "—"} or token.text in {"–", "—"}:
        return token.tag != "PUN" or token.text in {"–", "—"}
    if token.low in _SUBORDINATE and token.tag != "AJ0" and before.low not in {"only", "just", "even", "ever", "not"}:
        return _has_clause(tokens[at + 1 :]) and _has_verb(tokens[start:at])
    if token.low in _JOINING:
        return _has_verb(tokens[start:at]) and _joins_clauses(tokens, at)
    if before.text == "," and tokens[0].low in _SUBORDINATE:  # "When the snow melts, the road opens"
        return (
            _has_verb(tokens[:at])
            and _has_clause(tokens[at:])
            and not any(token.text == "," for token in tokens[: at - 1])
        )
    return (
        before.text == ","
        and token.tag in {"AT0", "DPS", "PNP", *NOUNS, NAME, "CRD", "AVQ"}
        and _has_near_clause(tokens[at:])
    )


def _joins_clauses(tokens: Sequence[Token], at: int) -> bool:
    """Whether "and" joins what is done, and not two things or two people."""
    following = tokens[at + 1 :]
    while following and (following[0].low in _JOINING or following[0].tag in {"AV0"}):
        following = following[1:]
    if not following:
        return False
    first = following[0]
    if first.tag in {"VVZ", "VM0", "VBZ", "VHZ", "VDZ", "VVD", "VHD", "VBD"}:
        return True
    if first.tag == "VVB" and first.low.islower() and _is_imperative(tokens):
        return True
    return _has_near_clause(following)


def _is_imperative(tokens: Sequence[Token]) -> bool:
    return tokens[0].tag in {"VVB", "VVI"}


def _has_near_clause(tokens: Sequence[Token]) -> bool:
    """Whether a subject and its verb come next, before the next comma or "who"."""
    has_subject = False
    for token in tokens[:10]:
        if token.tag in {"PUN", "PNQ", "CJT", "CJS", "TO0"}:
            return False
        if token.tag in FINITE:
            return has_subject
        has_subject = has_subject or token.tag in {*NOUNS, NAME, "PNP", "PNI", "EX0"}
    return False


def _has_clause(tokens: Sequence[Token]) -> bool:
    return any(token.tag in FINITE for token in tokens[:14])


def _has_verb(tokens: Sequence[Token]) -> bool:
    return any(token.tag in FINITE for token in tokens) or (bool(tokens) and tokens[0].tag == "VVI")


def _may_stand(tokens: Sequence[Token]) -> bool:
    words = [token for token in tokens if token.tag != "PUN"]
    return len(words) >= FEWEST_WORDS or any(token.tag in FINITE for token in words)


def _subject(piece: Sequence[Token]) -> str:
    """Who does it: the words ahead of the first verb, without what introduces them; "" for a command or a fragment."""
    start = 0
    while start < len(piece) and (piece[start].low in _JOINING | _SUBORDINATE or piece[start].tag in {"AV0", "PUN"}):
        start += 1
    if start < len(piece) and piece[start].tag in {"PRP", "CRD"} and (comma := _comma_after(piece, start)):
        start = comma + 1
    words: list[Token] = []
    for token in piece[start:]:
        if token.tag in FINITE or (
            token.tag in {"PNQ", "VVN", "PUN", "PRP", "AJ0"} and words and words[-1].tag in NOUNS | {NAME}
        ):
            break
        if token.tag not in {
            "AT0",
            "DPS",
            "DT0",
            "AJ0",
            "AJC",
            "AJS",
            "CRD",
            "ORD",
            "CJC",
            "POS",
            "VVN",
            "PNP",
            NAME,
            *NOUNS,
        }:
            return ""
        words.append(token)
    if not words or words[-1].tag not in {*NOUNS, NAME, "PNP"} or len(words) > 6:
        return ""
    return re.sub(r" (?=['’]s\b)", "", " ".join(token.text for token in words))


def _comma_after(piece: Sequence[Token], start: int) -> int:
    return next((at for at, token in enumerate(piece) if at > start and token.text == ","), 0)


def _alone(text: str, piece: Sequence[Token], subject: str) -> str:
    """ "and must choose" becomes "The keeper must choose"; "until a farmer comes" stays."""
    first = 0
    while first < len(piece) - 1 and (
        piece[first].low in {"and", "or", "but", "then", "so"} and piece[first].tag != "CJS"
    ):
        first += 1
    if piece[0].low == "so":
        return text
    if piece[0].low == "but":
        return _but(piece, text, subject)
    rest = text[piece[first].start - piece[0].start :]
    verb = piece[first]
    if verb.tag == "AV0" and first + 1 < len(piece):
        verb = piece[first + 1]
    is_open = verb.tag in {"VVZ", "VM0", "VBZ", "VHZ", "VDZ", "VVD", "VHD", "VBD"}
    return f"{_definite(subject)} {rest}" if is_open and subject else rest


def _but(piece: Sequence[Token], text: str, subject: str) -> str:
    verb = piece[1] if len(piece) > 1 else piece[0]
    is_open = verb.tag in {"VVZ", "VM0", "VBZ", "VHZ", "VDZ", "VVD", "VHD", "VBD"}
    return f"But {_low(_definite(subject))} {text[verb.start - piece[0].start :]}" if is_open and subject else text


def _low(subject: str) -> str:
    first = subject.split()[0]
    return (
        subject[:1].lower() + subject[1:]
        if first in {"The", "A", "An", "He", "She", "It", "They", "His", "Her"}
        else subject
    )


def _definite(subject: str) -> str:
    """ "A captain" as "the captain" where he is spoken of again."""
    return re.sub(r"^(?:an?|one)\s", "the ", subject, flags=re.IGNORECASE)


def _cut_long(text: str) -> list[str]:
    """A clause that no caption holds, cut at its commas."""
    if len(text) <= LONGEST_CLAUSE:
        return [text]
    parts = re.split(r"(?<=,)\s", text)
    packed: list[str] = []
    for part in parts:
        if packed and len(packed[-1]) + len(part) < LONGEST_CLAUSE:
            packed[-1] = f"{packed[-1]} {part}"
        else:
            packed.append(part)
    return packed


# --- other languages ----------------------------------------------------------------------------------------------------------

_COMMAS = re.compile(r"(?<=[,;:，、；：])\s*|\s+[–—]\s+")
_CASELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
FEWEST_LETTERS = 14  # of a piece of a sentence; in scripts without spaces a third of it


def foreign_clauses(sentence: str, language: str) -> list[str]:
    """A sentence cut at its commas, as far as the pieces are long enough to stand alone; only a very long one at its little words."""
    dense = 3 if _CASELESS.search(sentence) else 1
    pieces = _packed(
        [part for part in _COMMAS.split(sentence) if part], FEWEST_LETTERS // dense, sep="" if dense > 1 else " "
    )
    longest = LONGEST_CLAUSE // (2 if dense > 1 else 1)
    return [short for piece in pieces for short in (seamed(piece, language) if len(piece) > longest else [piece])]


def seamed(text: str, language: str) -> list[str]:
    """A clause in its phrases, cut before little words."""
    seams = seams_of(language)
    words = text.split()
    parts: list[list[str]] = [[]]
    for word in words:
        if word.casefold().strip(",.;:") in seams and len(parts[-1]) >= 2:
            parts.append([])
        parts[-1].append(word)
    if len(parts) > 1 and len(parts[-1]) < 2:
        last = parts.pop()
        parts[-1].extend(last)
    return [" ".join(part) for part in parts if part]


def _packed(parts: Sequence[str], fewest: int, *, sep: str) -> list[str]:
    packed: list[str] = []
    for part in parts:
        if packed and (len(packed[-1]) < fewest or len(part) < fewest):
            packed[-1] = f"{packed[-1]}{sep}{part}"
        else:
            packed.append(part)
    return packed


# --- speech -------------------------------------------------------------------------------------------------------------------


def _speeches(sentence: str, people: Sequence[Person], before: Sequence[str]) -> Iterator[Clause]:
    """The sentence without its quotations, and what is said in them."""
    quotes = list(_QUOTED.finditer(sentence))
    around = _QUOTED.sub(" ", sentence)
    verb = _SAYS.search(around)
    speaker = _speaker(around, people, before) if quotes and verb else ""
    if not speaker:
        yield from _reported(sentence, people, before)
        return
    position = 0
    for quote in quotes:
        yield Clause(
            _without_saying(sentence[position : quote.start()])
            if position == 0
            else _after_saying(sentence[position : quote.start()])
        )
        yield Clause(quote["words"].strip(" ,"), speaker=speaker, manner=_manner(verb[0] if verb else ""))
        position = quote.end()
    yield Clause(_after_saying(sentence[position:]))


def _reported(sentence: str, people: Sequence[Person], before: Sequence[str]) -> Iterator[Clause]:
    """ "The captain shouts that the ship is sinking" lets him say so, where no "she" or "his" would change."""
    match = _REPORTED.fullmatch(sentence) if people else None
    speaker = _speaker(match["before"], people, before) if match and not _THIRD_PERSONS.search(match["words"]) else ""
    if not match or not speaker:
        yield Clause(sentence)
        return
    yield Clause(
        capital(match["words"].strip(" ,")) + (match["end"] or "."), speaker=speaker, manner=_manner(match["verb"])
    )


def _without_saying(text: str) -> str:
    """What is told ahead of a quotation: "He smiles and says:" as "He smiles"; nothing of "A girl asks,"."""
    text = text.strip(" ,.:–—-")
    said = list(_SAYS.finditer(text))
    if said and len(text) - said[-1].end() < LONGEST_MANNER:
        text = re.sub(r",?\s{1,3}and$", "", text[: said[-1].start()].strip(" ,"))
        return text if re.search(r"\s\S{2,30}s$|\s\S{1,30}\s\S", text) and _has_verb(tagged(text)) else ""
    return text


def _after_saying(text: str) -> str:
    """What is told behind a quotation, without the "she says" that belongs to it."""
    text = text.strip(" ,.:–—-")
    said = _SAYS.search(text)
    if said and len(text[: said.start()].split()) <= MOST_SAYERS:
        rest = text[said.end() :].strip(" ,.")
        return rest if len(rest.split()) >= FEWEST_WORDS else ""
    return text


def _speaker(around: str, people: Sequence[Person], before: Sequence[str]) -> str:
    """Who speaks: the one named last ahead of "says", else first after it; else, by a pronoun, the one spoken of before."""
    verb = _SAYS.search(around)
    at = verb.start() if verb else len(around)
    places = {person.label: position for person in people if (position := _place(person, around)) >= 0}
    ahead = {label: place for label, place in places.items() if place < at}
    if ahead:
        return min(ahead, key=lambda label: ahead[label])
    pronoun = re.search(r"\b(?:he|she|it)\b", around[:at], re.IGNORECASE)
    if pronoun:
        return _meant(pronoun[0].casefold(), people, before)
    return min(places, key=lambda label: places[label]) if places else ""


def _place(person: Person, text: str) -> int:
    match = re.search(rf"(?<!\w){re.escape(person.label)}(?!\w)", text, re.IGNORECASE)
    if not match and person.head:
        match = re.search(rf"\b{re.escape(person.head)}\b", text, re.IGNORECASE)
    return match.start() if match else -1


def meant_by(pronoun: str, people: Sequence[Person], before: Sequence[str]) -> str:
    """The label of the one whom a pronoun means: whom the text before named last, of that gender. "" where nobody fits."""
    return _meant(pronoun, people, before)


def _meant(pronoun: str, people: Sequence[Person], before: Sequence[str]) -> str:
    fitting = [person for person in people if _fits(pronoun, person)]
    for text in reversed(before):
        places = {person.label: place for person in fitting if (place := _place(person, text)) >= 0}
        human = [
            person.label
            for person in fitting
            if person.label in places and (pronoun == "it" or person.being == "human")
        ]
        if places:
            return min(human or places, key=lambda label: places[label])
    return fitting[0].label if len(fitting) == 1 else ""


def _fits(pronoun: str, person: Person) -> bool:
    if pronoun == "it":
        return person.being != "human"
    return person.gender in {"unknown", "female" if pronoun == "she" else "male"}


def _manner(verb: str) -> str:
    return next((manner for stem, manner in _MANNERS.items() if verb.casefold().startswith(stem)), "")
