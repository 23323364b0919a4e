"""Tags the words of an English text: which is a noun, a verb, a name. Tags are those of the BNC (C5).

HanTa (Hanover Tagger, LGPL) carries its trained model in its wheel; it is loaded when the first English idea is read: 0.6 s and
60 MB in a worker process. spaCy's and NLTK's models have to be downloaded, which a closed network cannot.
"""

import os
import re
from functools import lru_cache
from typing import NamedTuple, Protocol

from agents.animatic.datafiles import word_set
from agents.animatic.vocabulary import CREATURES, FEMALE_NAMES, MALE_NAMES, TRADES

LONGEST_TAGGED = 30  # letters: the tagger's work grows with the square of a word's length
REMEMBERED_TEXTS = 512
MODEL = "morphmodel_en.pgz"

FINITE = frozenset({"VVZ", "VVD", "VVB", "VBZ", "VBB", "VBD", "VHZ", "VHB", "VHD", "VM0", "VDZ", "VDB", "VDD"})
NOUNS = frozenset({"NN0", "NN1", "NN2"})
NAME = "NP0"

# Also "Mr.", "U.S.", "twelve-year-old", "keeper's" in two parts.
_TOKEN = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Prof|St|Capt|Lt)\.|(?:[A-Z]\.){2,8}|\b[A-Z]\.(?=\s[A-Z])|['’]s\b|[^\W_]+(?:-[^\W_]+){0,4}|[^\w\s]|_"
)
KNOWN_NAMES = frozenset(FEMALE_NAMES) | frozenset(MALE_NAMES)
_TITLES = frozenset({"Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "Capt."})
_CALLED = frozenset({"called", "named", "nicknamed"})
_MIND_VERBS = frozenset({"dreams", "hopes", "wishes", "fears", "longs", "thinks", "wants", "needs"})
# Verbs that are nouns as often: "the cook and a parrot answer."
_PLAIN_VERBS = word_set("answer dance sleep fight dream search race laugh sing play watch walk travel march busk")
_CLAUSE_ENDS = frozenset({"PUN", "CJS", "CJC", "PNQ"})
_CLAUSE_WORDS = frozenset({"until", "before", "after", "while", "when"})
_AFTER_VERB = frozenset({"PRP", "PRF", "AVP", "AV0", "AT0", "DPS", "CJS", "TO0", "PNP", "AVQ"})


class Token(NamedTuple):
    """One word or sign of a text, where it stands, and its tag."""

    text: str
    start: int
    end: int
    tag: str

    @property
    def low(self) -> str:
        """In small letters."""
        return self.text.casefold()


class _Tagger(Protocol):
    def tag_sent(self, sent: list[str]) -> list[tuple[str, str, str]]: ...


@lru_cache(maxsize=REMEMBERED_TEXTS)  # every scene of a film reads the same sentences again
def tagged(sentence: str) -> tuple[Token, ...]:
    """The words of a sentence with their tags."""
    found = list(_TOKEN.finditer(sentence))
    short = [match[0] if len(match[0]) <= LONGEST_TAGGED else "thing" for match in found]
    tags = [tag for _, _, tag in _tagger().tag_sent(short)] if short else []
    tokens = [
        Token(match[0], match.start(), match.end(), _tag(match[0], tag)) for match, tag in zip(found, tags, strict=True)
    ]
    return tuple(_with_verbs(_with_names(tokens)))


@lru_cache(maxsize=1)
def _tagger() -> _Tagger:
    # Each thread of the linear algebra in numpy, which nothing here uses, would take memory that a worker process has not.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from HanTa import HanoverTagger  # type: ignore[import-untyped]  # noqa: PLC0415 - most processes never need it

    tagger: _Tagger = HanoverTagger.HanoverTagger(MODEL)
    return tagger


def _tag(word: str, tag: str) -> str:
    if not any(map(str.isalnum, word)):
        return "PUN"
    if word in _TITLES:
        return NAME
    if tag == "UNC" and word.casefold() in TRADES | CREATURES:  # "samurai"
        return "NN1"
    return "POS" if word in {"'s", "’s"} else tag


def _with_names(tokens: list[Token]) -> list[Token]:
    """ "my dog Biscuit", "a girl called Sun": a noun with a capital behind one without is a name."""
    named = list(tokens)
    for at in range(1, len(tokens)):
        token, before = tokens[at], tokens[at - 1]
        if token.tag != NAME and (token.text in KNOWN_NAMES or (before.text in _TITLES and token.text[0].isupper())):
            named[at] = token._replace(tag=NAME)
        is_capital = token.text[0].isupper() and token.text[1:].islower() and token.tag in {"NN1", "NN0", "AJ0", "NN2"}
        if is_capital and (before.low in _CALLED or (before.tag == "NN1" and before.text.islower())):
            named[at] = token._replace(tag=NAME)
    return named


def _with_verbs(tokens: list[Token]) -> list[Token]:
    """ "Tom hides inside": what the tagger takes for a plural, though its clause would have no verb, is one."""
    fixed: list[Token] = []
    start = 0
    for end in range(1, len(tokens) + 1):
        if end == len(tokens) or tokens[end].tag in _CLAUSE_ENDS or tokens[end].low in _CLAUSE_WORDS:
            clause = tokens[start:end]
            fixed.extend(
                clause if any(token.tag in FINITE for token in clause) else _with_verb(clause, tokens[end : end + 1])
            )
            start = end
    return fixed


def _with_verb(clause: list[Token], behind: list[Token]) -> list[Token]:
    """The clause with the first word that could be its verb as its verb."""
    for at, token in enumerate(clause):
        following = clause[at + 1 : at + 2] or behind
        if _could_be_verb(token, clause[at - 1] if at else None, following):
            subject = [
                one._replace(tag="NN1") if one.tag == "AJ0" and one is clause[at - 1] else one for one in clause[:at]
            ]
            return [*subject, token._replace(tag="VVZ"), *clause[at + 1 :]]
    return clause


def _could_be_verb(token: Token, before: Token | None, after: list[Token]) -> bool:
    if before is not None and token.low in _PLAIN_VERBS and token.tag == "NN1" and before.tag in NOUNS | {NAME}:
        return not after or after[0].tag in {"PUN", *_AFTER_VERB}
    if before is not None and before.tag == "AJ0" and token.low in _MIND_VERBS:  # "a raven wants to": no adjective
        return bool(after) and after[0].tag == "TO0"
    if token.tag != "NN2" or before is None or before.tag not in {"NN1", "AJS", NAME} or not token.low.endswith("s"):
        return False
    if not after:
        return before.tag == NAME
    if before.tag == NAME and after[0].tag in {"NN1", "AJ0"}:  # "Wilkin smells smoke"
        return True
    return after[0].tag in _AFTER_VERB and (after[0].low != "of" or token.low in _MIND_VERBS)
