"""Cuts paragraphs into sentences, and says which of them tell most. Linear in the text."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from agents.animatic.datafiles import word_set

LEAST_LENGTH, MOST_LENGTH = 30, 260  # characters of a sentence that may stand for others

_END = re.compile(r"[.!?…]+[\"”’»')\]]{0,3}(?=\s+[\"“‘«„(\[]{0,2}[^\W_a-z]|\s*$)")
_ABBREVIATED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|Capt|Col|Gen|Lt|Sgt|Rev|Hon|Jr|Sr|No|vs|etc|[A-Z])\.$")
_WORD = re.compile(r"[^\W\d_]{3,40}")
_COMMON = word_set(
    """the and that was his her with for had not but they him she you were are this from have been which said all who
    when there their then them would could into what out one upon now more about will did than very only like before some
    little time know see over such down any never came come made how your after again where back here must well went
    too just our much being still first even other might should has its own these those through also own way good
    und der die das den dem des ein eine ist war nicht sie ich les des une dans que qui pas los las una"""
)


def sentences_of(paragraph: str) -> list[str]:
    """The sentences of a paragraph; "Mr." ends none."""
    found, start = [], 0
    for end in _END.finditer(paragraph):
        if end[0].startswith(".") and _ABBREVIATED.search(paragraph, max(0, end.start() - 8), end.start() + 1):
            continue
        found.append(paragraph[start : end.end()].strip())
        start = end.end()
    rest = paragraph[start:].strip()
    return [sentence for sentence in [*found, rest] if sentence]


def words_in(text: str) -> list[str]:
    """The words that say what a text is about, in small letters."""
    return [word for word in _WORD.findall(text.casefold()) if word not in _COMMON]


def weights_of(text_words: Sequence[str]) -> dict[str, float]:
    """How much each word tells: its share of the text, the most frequent having 1."""
    counts = Counter(text_words)
    most = max(counts.values(), default=1)
    return {word: count / most for word, count in counts.items() if count > 1}


def telling(text: str, weights: Mapping[str, float]) -> float:
    """How central a text is to what the weights are of: the mean weight of its words, more for a middling length."""
    words = words_in(text)
    if not words:
        return 0.0
    return sum(weights.get(word, 0.0) for word in words) / (len(words) + 4.0)


def most_telling(sentences: Sequence[str], count: int) -> list[str]:
    """So many of the sentences, in their order: those nearest to what all of them are about, talk aside."""
    weights = weights_of([word for sentence in sentences for word in words_in(sentence)])
    fit = [number for number, sentence in enumerate(sentences) if is_narration(sentence)]
    best = sorted(fit, key=lambda number: -telling(sentences[number], weights))[:count]
    return [sentences[number] for number in sorted(best)]


def is_narration(sentence: str) -> bool:
    """Whether it can stand alone: of a fair length, and nobody's speech."""
    return LEAST_LENGTH <= len(sentence) <= MOST_LENGTH and not any(mark in sentence for mark in '"“”«»„‘')
