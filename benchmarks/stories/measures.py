"""What can be counted of one film: how much of its idea is in it, and what is in it besides."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from agents.animatic import writing
from agents.animatic.characters.casting import cast_of
from agents.animatic.film import Plan, Screenplay, Storyboard
from agents.animatic.progress import unheard
from agents.animatic.storyboards.shots import board

CARD_SECONDS = 3.5  # title card and end card, each (agents/studio/editing.py)
DISSOLVE_SECONDS = 0.5  # wherever the scene changes, the cards included
OWN_SHARE = 0.6  # of the telling words of a sentence that stand in the idea: then it is a sentence of the idea
SAME_STEM = 4  # letters: "keeper's" and "keeper", "finds" and "find"

_LITTLE = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "of",
        "in",
        "on",
        "at",
        "to",
        "with",
        "for",
        "from",
        "by",
        "is",
        "are",
        "was",
        "were",
        "be",
        "it",
        "its",
        "he",
        "she",
        "they",
        "them",
        "him",
        "her",
        "his",
        "their",
        "who",
        "that",
        "this",
        "there",
        "then",
        "so",
        "as",
        "not",
        "no",
        "one",
    ]
)
_WORD = re.compile(r"[^\W_]+")
_CUT = re.compile(r"(?:^|\s)(?:Mr|Mrs|Dr|U\.S|No|St)\.$")
_CASELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea of ideas.toml."""

    name: str
    idea: str
    shows: list[str]
    cast: list[str] | None = None  # None: not listed
    seconds: float = 0.0
    speech: list[str] = field(default_factory=list)
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Measured:
    """One film: its sentences of action, those of the idea among them, and what is wrong."""

    name: str
    plan: Plan
    actions: list[str]
    own: list[str]
    lines: list[str]
    missing: list[str]  # of what the idea names
    false_names: list[str]
    lost_people: list[str]
    cut_sentences: list[str]
    seconds: float
    shots: int
    shown: list[str]  # the captions and lines in order


def film_of(idea: str, scenes: int) -> tuple[Plan, Screenplay, list[str], list[Storyboard]]:
    """The plan, the screenplay, the names of the cast and the storyboards that an idea leads to."""
    plan = writing.plan_idea(idea, requirement="", style="", scenes=scenes, report=unheard)
    story = writing.write_story(idea, plan, report=unheard)
    texts = [writing.write_scene(story, outline, plan, report=unheard).text for outline in story.outlines]
    screenplay = writing.read_screenplay("\n\n".join(texts), title=plan.title, report=unheard)
    cast = cast_of(screenplay, plan, report=unheard)
    boards = [board(scene, cast, plan=plan, report=unheard) for scene in screenplay.scenes]
    return plan, screenplay, [character.name for character in cast.characters], boards


def measure(idea: Idea, scenes: int) -> Measured:
    """The film of an idea, measured."""
    plan, screenplay, names, boards = film_of(idea.idea, scenes)
    elements = [element for scene in screenplay.scenes for element in scene.elements]
    actions = [part for element in elements if element.kind == "action" for part in _sentences(element.text)]
    shots = [shot for storyboard in boards for shot in storyboard.shots]
    told = [
        shot.caption or " / ".join(line.text for line in shot.dialogue) or f"({shot.description})" for shot in shots
    ]
    seen = " ".join(
        f"{shot.description} {shot.caption} {shot.setting.place} {' '.join(shot.characters)}" for shot in shots
    )
    expected = idea.cast if idea.cast is not None else []
    return Measured(
        name=idea.name,
        plan=plan,
        actions=actions,
        own=[action for action in actions if _is_own(action, idea.idea)],
        lines=[element.text for element in elements if element.kind == "dialogue"],
        missing=[thing for thing in idea.shows if thing.casefold() not in seen.casefold()],
        false_names=[name for name in names if name not in expected],
        lost_people=[name for name in expected if name not in names],
        cut_sentences=[text for text in told if _CUT.search(text)],
        seconds=film_seconds([shot.seconds for shot in shots], len(boards)),
        shots=len(shots),
        shown=told,
    )


def film_seconds(shots: Sequence[float], scenes: int) -> float:
    """The length of the film that the editor cuts of these shots."""
    return 2 * CARD_SECONDS + sum(shots) - DISSOLVE_SECONDS * (scenes + 1)


def _sentences(text: str) -> list[str]:
    text = re.sub(r"^\d+\. ", "", text)  # the number of a step
    return [
        part
        for part in re.split(r"(?<=[.!?…。\uff01\uff1f])(?<!Mr\.)(?<!Dr\.)(?<!U\.S\.)\s+", text)
        if _WORD.search(part)
    ]


def _is_own(sentence: str, idea: str) -> bool:
    """Whether most of the words that tell something are the idea's own."""
    if _CASELESS.search(sentence):
        return sentence.rstrip("。\uff01\uff1f…. ") in idea
    own = {word[:SAME_STEM] for word in _WORD.findall(idea.casefold())}
    telling = [word for word in _WORD.findall(sentence.casefold()) if word not in _LITTLE]
    return sum(word[:SAME_STEM] in own for word in telling) >= OWN_SHARE * len(telling)
