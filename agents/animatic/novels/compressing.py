"""Compresses a book: of each chapter the sentences that tell most, and the passages that a film may be made of."""

from collections.abc import Sequence

from agents.animatic.novels.limits import COMPRESSED_LENGTH, LONGEST_TITLE
from agents.animatic.novels.names import names_in
from agents.animatic.novels.reading import Part, chapters_of, title_of
from agents.animatic.novels.records import Chapter, CompressedNovel
from agents.animatic.novels.sentences import most_telling, sentences_of, telling, weights_of, words_in
from agents.animatic.progress import Report
from agents.animatic.wording import shortened

SUMMARY_SENTENCES = 3
LEAST_PASSAGES = 1_200  # characters that are kept of each chapter
SUMMED_UP = 60_000  # characters of a chapter that its summary is chosen from
TALK = 0.3  # that a passage with speech is worth more, in the weight of its words
NEIGHBOUR = 0.5  # how much of the worth of a passage goes to those beside it: talk is no use without its answer


def compress(novel: str, *, report: Report) -> CompressedNovel:
    """A book of at most LONGEST_NOVEL characters. What is kept are its own paragraphs and sentences, in their order.

    Raises: UnusableText.
    """
    report(0.0, "Looking for chapters")
    parts = chapters_of(novel)
    title, author = title_of(novel)
    report(0.2, f"{len(parts)} {'chapter' if len(parts) == 1 else 'chapters'}: who is in them?")
    names = names_in(parts)
    total = sum(part.length for part in parts)
    chapters = []
    for number, part in enumerate(parts, start=1):
        report(0.5 + 0.5 * number / len(parts), f"Compressing {part.title or f'chapter {number}'}")
        chapters.append(_chapter(number, part, _budget(part, total, len(parts))))
    return CompressedNovel(
        title=shortened(title or parts[0].title or "Untitled", LONGEST_TITLE),
        author=shortened(author, LONGEST_TITLE),
        length=total,
        chapters=chapters,
        names=names,
    )


def _budget(part: Part, total: int, count: int) -> int:
    """Characters that are kept of a chapter: its share, and of a short one all, if all of the book fits."""
    least = min(LEAST_PASSAGES, COMPRESSED_LENGTH // count)
    return max(least, COMPRESSED_LENGTH * part.length // max(total, 1))


def _chapter(number: int, part: Part, budget: int) -> Chapter:
    return Chapter(
        number=number,
        title=part.title,
        length=part.length,
        summary=most_telling(_beginning(part.paragraphs), SUMMARY_SENTENCES),
        passages=_passages(part.paragraphs, budget),
    )


def _beginning(paragraphs: Sequence[str]) -> list[str]:
    sentences: list[str] = []
    length = 0
    for paragraph in paragraphs:
        sentences += sentences_of(paragraph)
        length += len(paragraph)
        if length > SUMMED_UP:
            break
    return sentences


def _passages(paragraphs: list[str], budget: int) -> list[str]:
    """The best paragraphs that fit into the budget, in their order; all, where they fit."""
    if sum(map(len, paragraphs)) <= budget:
        return paragraphs
    worth = _worth(paragraphs)
    kept: list[int] = []
    for number in sorted(range(len(paragraphs)), key=lambda number: (-worth[number], number)):
        if len(paragraphs[number]) <= budget:
            kept.append(number)
            budget -= len(paragraphs[number])
        if budget <= 0:
            break
    return [paragraphs[number] for number in sorted(kept)] or [shortened(paragraphs[0], budget)]


def _worth(paragraphs: Sequence[str]) -> list[float]:
    """Of each paragraph: how central its words are, whether somebody speaks, and the same of its neighbours."""
    weights = weights_of([word for paragraph in paragraphs for word in words_in(paragraph)])
    own = [telling(each, weights) + TALK * any(mark in each for mark in '"“«„‘') for each in paragraphs]
    beside = [0.0, *own, 0.0]
    return [each + NEIGHBOUR * (beside[number] + beside[number + 2]) for number, each in enumerate(own)]
