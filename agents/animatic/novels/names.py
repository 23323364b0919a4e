"""Finds the people whom a book names, and tells which names are the same person's. Linear in the text."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agents.animatic.characters.descriptions import words_of
from agents.animatic.characters.looks import age_of
from agents.animatic.datafiles import word_set
from agents.animatic.film import Gender
from agents.animatic.novels.limits import MOST_CHARACTERS
from agents.animatic.novels.reading import Part
from agents.animatic.novels.records import Name, NovelCharacter
from agents.animatic.novels.sentences import is_narration, sentences_of
from agents.animatic.places import PLACES
from agents.animatic.vocabulary import FEMALE_NAMES, MALE_NAMES
from agents.animatic.wording import shortened

MOST_NAMES = 60
MOST_EVIDENCE = 4  # sentences of each
LONGEST_EVIDENCE = 240
LONGEST_DESCRIPTION = 110
PLACE_SHARE = 0.4  # of its mentions that speak of it like of a place
LEAST_SCORE = 3.0
LOOKED_AT = 90  # characters after a name, for "he" or "she"

SPEECH = (
    "said|says|asked|asks|cried|cries|replied|replies|answered|answers|whispered|whispers|shouted|shouts|exclaimed|"
    "returned|murmured|called|laughed|sighed|muttered|added|continued|remarked|repeated|demanded|observed|begged|told"
)
_HONORIFICS = "Mr|Mrs|Ms|Miss|Dr|Sir|Lady|Lord|Captain|Doctor|Professor|Aunt|Uncle|Father|Mother|Sister|Brother|Madame|Monsieur|King|Queen|Prince|Princess|Colonel|Judge|Inspector"
_CAPITALISED = r"[A-ZÀ-ÖØ-ÞА-Я][^\W\d_]{1,20}(?:[’'-][A-Z][^\W\d_]{1,20})?"
_NAME = re.compile(rf"\b(?:(?P<honorific>{_HONORIFICS})\.? )?(?P<words>{_CAPITALISED}(?: {_CAPITALISED})?)\b")
_SAID_BEFORE = re.compile(rf"\b(?:{SPEECH}) $")
_SAID_AFTER = re.compile(rf" (?:{SPEECH})\b")
_ACTS = re.compile(
    r" (?:had|has|was|is|did|would|could|[a-z]{2,15}ed|[a-z]{1,6}(?:pt|lt|ew)|lay|went|came|ran|sat|stood|took|saw|knew|thought|felt|looked|held|made|gave)\b|['’]s "
)
_AT = re.compile(r"\b(?:in|on|over|upon|off|at|to|from|of|near|through|towards?|for|into|around|across) (?:the )?$")
_SHE, _HE = re.compile(r"\b(?:she|her|herself)\b"), re.compile(r"\b(?:he|him|his|himself)\b")
_DESCRIBES = re.compile(
    r"\b(?:hair|haired|eyes|eyed|face|tall|short|thin|stout|old|young|years|beard|bearded|wore|wearing|dressed|coat|dress|hat|cap|"
    r"spectacles|glasses|boy|girl|man|woman|pale|handsome|pretty|beautiful|child|keeper|daughter|son|sister|brother|uncle|aunt)\b"
)
_MALE_TITLES = word_set("Mr Sir Lord Uncle Father Brother Monsieur King Prince")
_FEMALE_TITLES = word_set("Mrs Ms Miss Lady Aunt Mother Sister Madame Queen Princess")
_NO_NAMES = word_set(
    """The And But For Not Then There This That These Those When Where What Who Why How Yes No Oh Ah Well Now Here Come Look
    Chapter Part Book He She It They We You His Her Its Their My Your Our One Two Three God Lord Heaven Monday Tuesday Wednesday
    Thursday Friday Saturday Sunday January February March April May June July August September October November December
    Christmas Easter English French German American Mr Mrs Miss Dr Sir If In On At To As So Or Nor Yet Only After Before
    Never Every Some All Once Still Even Just Good Dear Poor Old Young Little Great Nobody Everybody Somebody Something Nothing
    Perhaps Indeed Please Thank Let Do Did Is Was Are Were Will Would Could Should May Might Must Have Had Has"""
)
_KNOWN = {**dict.fromkeys(FEMALE_NAMES, "female"), **dict.fromkeys(MALE_NAMES, "male")}


@dataclass(slots=True)
class _Seen:
    """What was seen of one form of a name."""

    first_chapter: int
    mentions: int = 0
    within: int = 0  # in the middle of a sentence, where only names have capitals
    person: float = 0.0
    spoken: int = 0
    place: int = 0
    female: int = 0
    male: int = 0
    evidence: list[str] = field(default_factory=list)


def names_in(parts: Sequence[Part]) -> list[Name]:
    """The forms in which people are named, most mentioned first."""
    seen: dict[str, _Seen] = {}
    for number, part in enumerate(parts, start=1):
        for paragraph in part.paragraphs:
            for sentence in sentences_of(paragraph):
                _note(sentence, number, seen)
    words = (word for part in parts for paragraph in part.paragraphs for word in paragraph.split())
    lower = Counter(word for word in words if word.islower())
    people = {form for form, one in seen.items() if _is_person(form, one, lower)}
    given = {form for form in people if " " not in form}
    # "Anne Marlow" is named once, "Anne" on every page.
    people |= {form for form in seen if len(form.split()) > 1 and given & {form.split()[0]}}
    found = [(form, seen[form]) for form in people]
    found.sort(key=lambda pair: (-pair[1].mentions, pair[0]))
    return [
        Name(
            form=form,
            mentions=one.mentions,
            first_chapter=one.first_chapter,
            female=one.female,
            male=one.male,
            evidence=one.evidence,
        )
        for form, one in found[:MOST_NAMES]
    ]


def _note(sentence: str, chapter: int, seen: dict[str, _Seen]) -> None:
    for match in _NAME.finditer(sentence):
        form = _form(match)
        if not form:
            continue
        one = seen.setdefault(form, _Seen(chapter))
        one.mentions += 1
        before = sentence[max(0, match.start() - 14) : match.start()]
        one.within += before[-2:-1].islower() or before.endswith(", ")
        one.place += bool(_AT.search(before))
        is_addressed = match["honorific"] or _SAID_BEFORE.search(before) or _SAID_AFTER.match(sentence, match.end())
        one.spoken += bool(is_addressed)
        one.person += bool(_ACTS.match(sentence, match.end()))
        after = sentence[match.end() : match.end() + LOOKED_AT]
        one.female += bool(_SHE.search(after))
        one.male += bool(_HE.search(after))
        is_evidence = (
            len(one.evidence) < MOST_EVIDENCE
            and len(sentence) <= LONGEST_EVIDENCE
            and _DESCRIBES.search(sentence)
            and is_narration(sentence)
        )
        if is_evidence and sentence not in one.evidence:
            one.evidence.append(sentence)


def _form(match: re.Match[str]) -> str:
    """The name as it is kept: "Mrs. Lynde" with one spelling; "" for what is none."""
    words = match["words"].split()
    while words and words[0] in _NO_NAMES:
        words.pop(0)
    while words and words[-1] in _NO_NAMES:
        words.pop()
    if not words or " ".join(words).isupper():
        return ""
    honorific = match["honorific"] if words == match["words"].split() else None
    return " ".join([*([honorific] if honorific else []), *words])


def _is_person(form: str, one: _Seen, lower: Counter[str]) -> bool:
    """Whether it acts or speaks, is no place, and is no common word that begins sentences."""
    words = form.split()
    if words[-1].casefold() in PLACES or lower[form.casefold()] > one.within:
        return False
    is_known = words[0] in _KNOWN
    is_place = one.place >= PLACE_SHARE * one.mentions and not one.spoken
    score = one.person + 3.0 * (one.spoken + is_known)
    return one.mentions > 1 and score >= LEAST_SCORE and not is_place and (one.within > 0 or is_known)


# --- one person, one name -------------------------------------------------------------------------


def characters_of(names: Iterable[Name], *, most: int = MOST_CHARACTERS) -> list[NovelCharacter]:
    """The people of the book, each under the form that it uses most; most mentioned first."""
    groups = _groups(list(names))
    groups.sort(key=lambda group: (-sum(name.mentions for name in group), group[0].form))
    taken: set[str] = set()
    characters = []
    for group in groups[:most]:
        character = _character(group, taken)
        taken.add(character.name)
        characters.append(character)
    return characters


def _groups(names: list[Name]) -> list[list[Name]]:
    """The forms that mean the same person. Longer forms first: they say to whom the shorter ones belong."""
    groups: list[list[Name]] = []
    by_word: defaultdict[str, list[int]] = defaultdict(list)
    for name in sorted(names, key=_longest_first):
        own = _own(name.form)
        home = next((number for number in by_word[own[-1]] + by_word[own[0]] if _may_be(name, groups[number])), None)
        if home is None:
            home = len(groups)
            groups.append([])
        groups[home].append(name)
        for word in own:
            if home not in by_word[word]:
                by_word[word].append(home)
    return groups


def _longest_first(name: Name) -> tuple[int, bool, int, str]:
    """They say to whom the shorter ones belong. Those with a title last: by then it is known who has a first name."""
    return -len(_own(name.form)), bool(_title(name.form)), -name.mentions, name.form


def _may_be(name: Name, group: list[Name]) -> bool:
    """Whether a shorter form can mean the person of a group: the words fit, and nothing says another sex."""
    own = _own(name.form)
    fits = any(set(own) <= set(_own(other.form)) for other in group)
    genders = {gender for other in [name, *group] if (gender := _gender([other])) != "unknown"}
    titles = {_title(other.form) for other in [name, *group]} - {""}
    # "Captain Rennick" is not Tom Rennick, whom the book calls Tom.
    is_on_first_name_terms = bool(_title(name.form)) and any(other.form == _own(group[0].form)[0] for other in group)
    return fits and not is_on_first_name_terms and len(genders) < 2 and len(titles) < 2


def _own(form: str) -> list[str]:
    """The words of the name without its title."""
    words = form.split()
    return words[1:] if _title(form) and len(words) > 1 else words


def _title(form: str) -> str:
    first = form.split()[0]
    return first if first in _HONORIFICS.split("|") else ""


def _gender(group: Sequence[Name]) -> Gender:
    for name in group:
        title = _title(name.form)
        if title in _FEMALE_TITLES:
            return "female"
        if title in _MALE_TITLES:
            return "male"
    female, male = sum(name.female for name in group), sum(name.male for name in group)
    given = next((_KNOWN[first] for name in group if (first := _own(name.form)[0]) in _KNOWN), "")
    female, male = female + 4 * (given == "female"), male + 4 * (given == "male")
    if female > 1.5 * male:
        return "female"
    return "male" if male > 1.5 * female else "unknown"


def _character(group: list[Name], taken: set[str]) -> NovelCharacter:
    by_use = sorted(group, key=lambda name: (-name.mentions, name.form))
    free = [name.form.upper() for name in by_use if name.form.upper() not in taken]
    evidence = [sentence for name in by_use for sentence in name.evidence]
    described = max(evidence, key=_describes, default="")
    description = shortened(described, LONGEST_DESCRIPTION)
    return NovelCharacter(
        name=(free or [by_use[0].form.upper()])[0],
        aliases=sorted((name.form for name in group), key=lambda form: (-len(form), form)),
        description=description,
        gender=_gender(by_use),
        age=age_of(description, words_of(description)),
        mentions=sum(name.mentions for name in group),
    )


def _describes(sentence: str) -> float:
    """How much of a person's looks a sentence tells; the first of several as good as each other is the book's first."""
    return len(_DESCRIBES.findall(sentence)) - len(sentence) / 200
