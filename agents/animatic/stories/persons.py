"""Finds who plays in an English idea: people, robots, animals and things that act like people, each of them once.

Nobody gets a name that the idea does not give: "a lonely lighthouse keeper" is the LIGHTHOUSE KEEPER.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from agents.animatic.characters.looks import gender_of
from agents.animatic.datafiles import word_set
from agents.animatic.film import Gender
from agents.animatic.stories.tagging import FINITE, NAME, NOUNS, Token
from agents.animatic.vocabulary import (
    CHILD_WORDS,
    CREATURES,
    FEMALE_NAMES,
    FEMALE_WORDS,
    MALE_NAMES,
    MALE_WORDS,
    OLD_WORDS,
    ROBOTS,
    SPIRITS,
    TIMES,
    TRADES,
)

Being = Literal["human", "robot", "animal", "spirit", "thing"]

MOST_PEOPLE = 12
LONGEST_CHUNK = 8  # words of a noun phrase
ORDINALS = ("first", "second", "third", "fourth", "fifth")
COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "both": 2}

_DETERMINERS = frozenset({"AT0", "DPS", "DT0", "CRD"})
_INSIDE = frozenset({"AJ0", "AJC", "AJS", "VVN", "ORD", "CRD", *NOUNS, NAME})
_PRONOUN_ADJECTIVES = word_set(
    "he him his she her hers mr mrs ms sir miss old elderly aged ancient retired wrinkled little young teen"
)
_HUMANS = (
    (TRADES | MALE_WORDS | FEMALE_WORDS | OLD_WORDS | CHILD_WORDS) - _PRONOUN_ADJECTIVES - {"twins", "white-haired"}
)
BEINGS = _HUMANS | CREATURES | ROBOTS | SPIRITS
_SUFFIX = re.compile(
    r"(?:[a-z]*(?:woman|man|maker|keeper|smith|herd|wright|monger|fighter|seller|hunter|walker|tuner|sweep|hand|ist|eer))"
)
_NO_BEINGS = word_set(
    """human woman's mist fist list twist wrist beer deer's career pioneer-town volunteer's hand secondhand beforehand artist's
    grey-haired gray-haired seventy eighty veteran's character snowman's engine bat-signal"""
)
TITLES = word_set(
    """mr mrs ms miss dr doctor prof professor captain capt sir lady lord king queen prince princess detective inspector
    officer sergeant general uncle aunt grandma grandpa granny father mother sister brother chief president agent"""
)
_KNOWN_NAMES = frozenset(FEMALE_NAMES) | frozenset(MALE_NAMES)
_NO_NAMES = word_set(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december christmas halloween easter earth mars venus jupiter saturn neptune mercury pluto moon sun europe
    africa asia america england france germany russia spain italy japan china india london paris berlin tokyo moscow rome
    madrid york venice english french german russian god internet tv ai usa uk victorian soviet viking medieval roman
    greek japanese chinese american british european african nordic egyptian day night spring summer autumn winter int ext"""
)
_CALLED = frozenset({"called", "named", "nicknamed"})
_SPATIAL = frozenset(
    [
        "in",
        "at",
        "on",
        "to",
        "from",
        "near",
        "through",
        "across",
        "into",
        "over",
        "around",
        "toward",
        "towards",
        "of",
        "outside",
        "inside",
        "under",
        "behind",
        "beyond",
    ]
)
# What only somebody with a mind does.
_MINDED = word_set(
    """wants dreams decides learns loves hopes tries wishes refuses believes remembers forgets thinks fears hates longs
    knows wonders discovers realises realizes befriends meets promises who"""
)
# Who acts may be told by the ending of a noun: "a gardener digs"; these are things.
_AGENT = re.compile(r"[a-z]{3,}(?:er|or|ian|ist|ant|ess|ic)")
_NO_AGENTS = word_set(
    """letter river water winter summer paper flower computer tower corner number border power answer mirror door floor error terror
    colour color order finger diner weather ladder hammer shower feather layer timer meter motor tractor elevator harbor harbour
    plant planet dinner copper silver danger wonder murder disaster adventure ever never over under after together poster
    chapter character illness darkness happiness dress compass glass restaurant elephant music magic panic traffic attic fabric
    clinic comic topic garlic plastic public republic engine flavour flavor favour rumor rumour odor odour anchor sector factor
    vapor armor armour sensor monitor actor-network newsletter counter container printer speaker camera boiler heater freezer
    cooler butter pepper ginger matter master-key fever liver laser roller rubber sweater jumper trailer transformer giant
    instant moment distant constant warrant tenant-house access process success princess-cut chess mess stress process business
    loneliness weakness sickness sadness kindness wilderness fortress mattress headquarter quarter center centre theater theatre"""
)
_NO_HEROES = word_set("first second third fourth fifth oldest youngest eldest one other others last next rest half")
# "becomes a hero", "she is a nurse": what somebody is, not somebody else.
_BEING_SO = word_set("becomes become became becoming is was are were being be")
_LIKENESSES = word_set(
    "statue portrait picture painting photo photograph bust ghost spirit legend story tale memory costume mask dream"
)
_DEGREES = word_set("most very")  # "her most stubborn patient"
_BEHIND = word_set("opposite nearby upstairs downstairs abroad alone")  # "the window cleaner opposite"
_GONE = word_set("dead late deceased")
_DIES = word_set("dies died death funeral ashes")
_RELATIVE_AGES = re.compile(
    r"\b(?:old|young|elder|younger|older|tall|small|big|little|red|blue|first|second|other)\b", re.I
)


@dataclass(slots=True)
class Person:
    """Somebody in the story. `start` and `end` are where the idea first speaks of them, with all that describes them there."""

    label: str  # as in the cast: "LIGHTHOUSE KEEPER", "MARA"
    head: str  # "keeper"; "" where only a name is given
    noun: str  # "lighthouse keeper"
    phrase: str  # "A lonely lighthouse keeper"
    start: int
    end: int
    being: Being = "human"
    gender: Gender = "unknown"
    is_named: bool = False
    many: int = 1  # "two sisters"
    described: str = ""  # the noun phrase without a name: "the lighthouse keeper" of "Mara the lighthouse keeper"

    @property
    def called(self) -> str:
        """How the story goes on speaking of them: "Mara", "the lighthouse keeper"."""
        return self.label_in_text if self.is_named else f"the {self.label.casefold()}"

    @property
    def label_in_text(self) -> str:
        """The name as the idea spells it."""
        return self.phrase if self.is_named else self.label.casefold()


@dataclass(slots=True)
class _Chunk:
    """One noun phrase: its words, and what they are."""

    tokens: list[Token]
    before: Token | None
    after: Token | None
    nouns: list[Token] = field(default_factory=list)
    names: list[Token] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    @property
    def determiner(self) -> str:
        return self.tokens[0].low if self.tokens[0].tag in _DETERMINERS else ""

    @property
    def head(self) -> str:
        return single(self.nouns[-1].low) if self.nouns else ""

    @property
    def adjectives(self) -> list[str]:
        return [token.low for token in self.tokens if token.tag.startswith(("AJ", "ORD"))]


def single(noun: str) -> str:
    """ "sisters" as "sister", "thieves" as "thief"; what is no known plural stays."""
    if noun in BEINGS:
        return noun
    for plural, ending in (
        ("ves", "f"),
        ("ies", "y"),
        ("es", ""),
        ("s", ""),
        ("men", "man"),
        ("children", "child"),
        ("mice", "mouse"),
    ):
        if noun.endswith(plural) and (one := noun[: -len(plural)] + ending) in BEINGS:
            return one
    return noun


def is_being(noun: str) -> bool:
    """Whether a noun, in the singular, speaks of somebody."""
    return noun in BEINGS or (noun not in _NO_BEINGS and _SUFFIX.fullmatch(noun) is not None and len(noun) > 5)


def chunks_of(tokens: Sequence[Token]) -> list[_Chunk]:
    """The noun phrases of a text, in order."""
    chunks: list[_Chunk] = []
    at = 0
    while at < len(tokens):
        stop = _chunk_end(tokens, at)
        if stop == at:
            at += 1
            continue
        inside = list(tokens[at:stop])
        chunk = _Chunk(inside, tokens[at - 1] if at else None, tokens[stop] if stop < len(tokens) else None)
        chunk.names = _trailing_names(inside, is_called=at > 0 and tokens[at - 1].low in _CALLED)
        chunk.nouns = [token for token in inside if token.tag in NOUNS and token not in chunk.names]
        if chunk.names or chunk.nouns:
            chunks.append(chunk)
        at = stop
    return chunks


def _chunk_end(tokens: Sequence[Token], at: int) -> int:
    """Where the noun phrase that begins here ends; `at` when none begins."""
    if tokens[at].low in _CALLED:
        return at
    stop = at + (tokens[at].tag in _DETERMINERS)
    while (
        stop < len(tokens)
        and stop < at + LONGEST_CHUNK
        and (tokens[stop].tag in _INSIDE or tokens[stop].low in _DEGREES)
    ):
        if stop > at and _begins_anew(tokens[stop - 1], tokens[stop]):
            break
        stop += 1
    while stop > at and (tokens[stop - 1].tag not in NOUNS | {NAME} or tokens[stop - 1].low in _BEHIND):
        stop -= 1
    return stop


def _begins_anew(before: Token, token: Token) -> bool:
    """ "keeper | called", "sisters | two": a participle after a noun describes from behind, a number counts the next."""
    is_plural_being = before.tag == "NN2" and single(before.low) in BEINGS  # "three mice | plan"
    return before.tag in NOUNS and (is_plural_being or token.tag in {"VVN", "CRD", "AJ0", "AJC"})


def _trailing_names(tokens: list[Token], *, is_called: bool) -> list[Token]:
    names: list[Token] = []
    for token in reversed(tokens):
        if token.tag != NAME and not (names and token.low.strip(".") in TITLES and token.text[0].isupper()):
            break
        names.insert(0, token)
    while names and names[0].low in _NO_NAMES and not is_called:
        names.pop(0)
    return [] if names and all(name.low.strip(".") in TITLES for name in names) else names


def persons_in(text: str, tokens: Sequence[Token], *, is_story: bool) -> list[Person]:
    """Everybody who plays, in the order of the idea. Without `is_story` (an advertisement, say) names may be those of products."""
    found = list(_candidates(text, tokens, is_story=is_story))
    people: list[Person] = []
    for person, chunk in found:
        same = _same(person, chunk, people, text)
        if same is not None:
            _join(same, person)
        elif chunk.before is None or chunk.before.low not in _BEING_SO:
            people.append(person)
    _tell_apart(people, text)
    for person in people:
        person.gender = _gender(person, text)
    return [one for person in people[:MOST_PEOPLE] for one in _each(person)][:MOST_PEOPLE]


def _candidates(text: str, tokens: Sequence[Token], *, is_story: bool) -> Iterator[tuple[Person, _Chunk]]:
    chunks = chunks_of(tokens)
    for before, chunk in zip([None, *chunks], chunks, strict=False):
        if _is_gone(chunk) or _only_owns(chunk) or _is_likeness(before, chunk):
            continue
        name = _person_name(chunk, is_story=is_story)
        if name:
            head = chunk.head if is_being(chunk.head) else ""
            yield _named(name, head, chunk, text), chunk
        elif chunk.nouns and (_is_agent(chunk) or (is_being(chunk.head) and _is_somebody(chunk))):
            yield _unnamed(chunk, text), chunk
        elif is_story and not chunk.names and chunk.after and chunk.after.low in _MINDED and _is_acting(chunk):
            person = _unnamed(chunk, text)
            person.being = "thing"
            yield person, chunk


def _is_agent(chunk: _Chunk) -> bool:
    """ "A beadworker threads": a noun for one who does something, that does something."""
    head = chunk.nouns[-1]
    is_acting = chunk.after is not None and (chunk.after.tag in FINITE - {"VBZ", "VBB"} or chunk.after.low == "who")
    is_one = head.tag == "NN1" and chunk.determiner in {"a", "an", "the", "his", "her", "my", "one"}
    return is_one and is_acting and _AGENT.fullmatch(head.low) is not None and head.low not in _NO_AGENTS


def _is_acting(chunk: _Chunk) -> bool:
    is_first = chunk.before is None or chunk.before.tag in {"PUN", "CJC", "CJS", "AVQ"}
    return (
        is_first
        and chunk.head not in _NO_HEROES
        and chunk.determiner in {"a", "an", "the", "my", "his", "her", "one"}
        and chunk.head not in TIMES
    )


def _is_somebody(chunk: _Chunk) -> bool:
    """ "the goats", "honey bees" are many, and nobody in particular; "two goats" are two characters. "her" is not one's own."""
    if chunk.nouns[-1].tag == "NN2" and chunk.head != chunk.nouns[-1].low:
        return any(token.low in COUNTS for token in chunk.tokens)
    if chunk.before is not None and chunk.before.low in {"like", "as", "no"}:
        return False
    is_bare = not chunk.determiner and len(chunk.tokens) == len(chunk.nouns)
    return not (
        is_bare and chunk.nouns[-1].tag == "NN1" and chunk.before is not None and chunk.before.tag not in {"PUN", "POS"}
    )


def _is_gone(chunk: _Chunk) -> bool:
    """Whether the idea says that this person is dead when the story begins, and so has no part in it."""
    return bool(_GONE & set(chunk.adjectives)) or (chunk.after is not None and chunk.after.low in _DIES)


def _is_likeness(before: _Chunk | None, chunk: _Chunk) -> bool:
    """ "The statue of an emperor", "the ghost of a Viking": there is no emperor besides."""
    is_of = chunk.before is not None and chunk.before.low == "of"
    return is_of and before is not None and not chunk.names and before.head in _LIKENESSES


def _only_owns(chunk: _Chunk) -> bool:
    """ "A baker's apprentice": the baker has no part in it, unless the idea speaks of the baker elsewhere."""
    return chunk.after is not None and chunk.after.tag == "POS" and not chunk.names


def _person_name(chunk: _Chunk, *, is_story: bool) -> list[Token]:
    names = chunk.names
    while names and not names[0].text[0].isalpha():
        names = names[1:]
    if not names or (chunk.nouns and not is_being(chunk.head)) or len(names[0].text) < 2:
        return []
    if names[0].text == "St." or any(
        name.text.isupper() and len(name.text) <= 4 and "." in name.text for name in names
    ):
        return []
    before = chunk.before.low if chunk.before else ""
    is_sure = bool(
        chunk.nouns
        or any(name.text in _KNOWN_NAMES or name.low.strip(".") in TITLES for name in names)
        or before in _CALLED
    )
    if is_sure:
        return names
    is_placed = before in _SPATIAL or (chunk.after is not None and chunk.after.tag in {"POS", *NOUNS})
    acts = chunk.after is not None and (chunk.after.tag in FINITE or chunk.after.low in {"and", "who", ","})
    is_after_and = before in {"and", "with", ","}
    return names if is_story and not is_placed and (acts or is_after_and or not before) else []


def _named(names: list[Token], head: str, chunk: _Chunk, text: str) -> Person:
    while len(names) > 1 and (names[0].low == head or (len(names) > 2 and names[0].low.strip(".") in TITLES)):
        names = names[1:]
    spelt = text[names[0].start : names[-1].end]
    described = text[chunk.start : names[0].start].strip()
    noun = " ".join(token.low for token in chunk.nouns)
    return Person(
        label=spelt.upper(), head=head, noun=noun, phrase=spelt, start=chunk.start, end=chunk.end, being=being_of(head),
        is_named=True, described=described,
    )  # fmt: skip


def _unnamed(chunk: _Chunk, text: str) -> Person:
    words = [token.low for token in chunk.nouns[:-1]]
    noun = " ".join([*words, chunk.head])
    many = (
        next((COUNTS[token.low] for token in chunk.tokens if token.low in COUNTS), 1)
        if chunk.nouns[-1].tag == "NN2"
        else 1
    )
    return Person(
        label=noun.upper(), head=chunk.head, noun=noun, phrase=text[chunk.start : chunk.end], start=chunk.start, end=chunk.end,
        being=being_of(chunk.head), many=many, described=text[chunk.start : chunk.end],
    )  # fmt: skip


def being_of(head: str) -> Being:
    """What kind of being a noun means."""
    if head in ROBOTS:
        return "robot"
    if head in CREATURES:
        return "animal"
    return "spirit" if head in SPIRITS else "human"


def _same(person: Person, chunk: _Chunk, people: list[Person], text: str) -> Person | None:
    """Who of those before is meant again: by name, by apposition, or by the same noun."""
    last = people[-1] if people else None
    between = text[last.end : person.start] if last and last.end <= person.start else "?"
    if last and _is_apposition(last, person, chunk, between):
        return last
    for one in people:
        if person.is_named and one.is_named and _is_same_name(person.label, one.label):
            return one
        if person.head and not person.is_named and person.head == one.head and not _is_another(person, chunk, one):
            return one
    return None


def _is_apposition(last: Person, person: Person, chunk: _Chunk, between: str) -> bool:
    link = between.strip().casefold()
    if person.is_named and not last.is_named and not person.head:
        is_direct = link in {"called", "named", "nicknamed", ", called", ", named", "known as", "whose name is"}
        return is_direct or (link in {",", "("} and _is_closed(chunk))
    if person.is_named and not last.is_named and link == "," and _is_closed(chunk):
        return True
    if last.is_named and not person.is_named and not last.head:
        is_kin = person.head in FEMALE_WORDS | MALE_WORDS
        is_own = chunk.determiner in {"his", "her", "their"} and not is_kin and _is_closed(chunk)
        is_article = chunk.determiner in {"a", "an", "the"} or (link == "," and is_own)
        return (link in {",", "is", "was", "–", "—", "("} and is_article) or (link == "" and chunk.determiner == "the")
    return False


def _is_closed(chunk: _Chunk) -> bool:
    return chunk.after is None or chunk.after.text in {",", ".", ")", "!", "?", ";", ":"} or chunk.after.tag in FINITE


def _is_same_name(one: str, other: str) -> bool:
    words, others = set(one.split()), set(other.split())
    return words <= others or others <= words


def _is_another(person: Person, chunk: _Chunk, one: Person) -> bool:
    """ "an old woman ... a young woman": the same noun for somebody else."""
    if person.many != one.many and person.many > 1:
        return True
    if chunk.determiner in {"another"} or "other" in chunk.adjectives:
        return True
    own, theirs = (set(_RELATIVE_AGES.findall(text.casefold())) for text in (person.phrase, one.described))
    return chunk.determiner in {"a", "an", "the"} and bool(own) and bool(theirs) and not own & theirs


def _join(same: Person, person: Person) -> None:
    """What is said of them in another place is said of one person."""
    if person.is_named and not same.is_named:
        same.label, same.phrase, same.is_named = person.label, person.phrase, True
        same.end = max(same.end, person.end)
    elif person.is_named and len(person.label) > len(same.label):
        same.label, same.phrase = person.label, person.phrase
    if not same.head and person.head:
        same.head, same.noun, same.being, same.described = person.head, person.noun, person.being, person.described


def _tell_apart(people: list[Person], text: str) -> None:
    """Labels that are unlike: the bare noun where the idea uses it, with an adjective where two share it."""
    for person in people:
        elsewhere = text[: person.start] + text[person.end :]
        if person.is_named:
            _shorten_name(person, elsewhere)
            continue
        full = len(re.findall(rf"\b{re.escape(person.noun)}\b", elsewhere, re.IGNORECASE))
        bare = len(re.findall(rf"\b{re.escape(person.head)}\b", elsewhere, re.IGNORECASE))
        person.label = (person.head if bare > full else person.noun).upper()
    labels = [person.label for person in people]
    for number, person in enumerate(people):
        if labels.count(person.label) > 1 and not person.is_named:
            ages = _RELATIVE_AGES.findall(person.phrase)
            person.label = (
                f"{ages[0]} {person.head}".upper() if ages else f"{ORDINALS[min(number, 4)]} {person.head}".upper()
            )


def _shorten_name(person: Person, elsewhere: str) -> None:
    """ "Ruth Adler" is RUTH where the idea goes on calling her so."""
    words = person.phrase.split()
    if len(words) < 2 or words[0].casefold().strip(".") in TITLES:
        return
    used = [
        word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", elsewhere.replace(person.phrase, ""))
    ]
    if used:
        person.label, person.phrase = used[0].upper(), used[0]


def _gender(person: Person, text: str) -> Gender:
    known = gender_of(person.label if person.is_named else "", f"{person.described} {person.noun}".casefold().split())
    if known != "unknown":
        return known
    sentence = re.split(r"[.!?]", text[person.end :], maxsplit=1)[0]
    pronoun = re.search(r"\b(?:she|her|he|his|him)\b", sentence, re.IGNORECASE)
    if not pronoun:
        return "unknown"
    return "female" if pronoun[0].casefold() in {"she", "her"} else "male"


def _each(person: Person) -> Iterator[Person]:
    """ "two sisters" are the FIRST SISTER and the SECOND SISTER."""
    if person.many == 1:
        yield person
        return
    for ordinal in ORDINALS[: person.many]:
        yield Person(
            label=f"{ordinal} {person.head}".upper(), head=person.head, noun=person.noun, phrase=f"the {ordinal} {person.head}",
            start=person.start, end=person.end, being=person.being, gender=person.gender, many=person.many,
            described=person.described,
        )  # fmt: skip
