"""Counts how large a film becomes, by writing all of it that is words: some hundredths of a second. Same input, same count."""

from dataclasses import dataclass

from msgspec.structs import replace

from agents.animatic import writing
from agents.animatic.characters import casting
from agents.animatic.film import Plan, Screenplay
from agents.animatic.limits import USUAL, FilmLimits
from agents.animatic.progress import Report
from agents.animatic.stories import planning
from agents.animatic.storyboards import shots


@dataclass(frozen=True, slots=True)
class FilmSize:
    """How much of everything a film has."""

    scenes: int
    characters: int
    shots: int
    seconds: float = 0.0  # of film, without its cards
    remarks: tuple[str, ...] = ()  # about what could not be read


def size_of_idea(
    idea: str, *, length: float = 0.0, requirement: str, style: str, scenes: int, report: Report
) -> FilmSize:
    """Of the film that is made from an idea. `length`: in seconds, where one is wished.

    Raises: UnusableText.
    """
    wishes = {"requirement": requirement, "style": style}
    plan = writing.plan_idea(idea, **wishes, scenes=scenes, seconds=length, report=report)
    story = writing.write_story(idea, plan, report=report)
    texts = [writing.write_scene(story, outline, plan, report=report).text for outline in story.outlines]
    return _size(writing.read_screenplay("\n\n".join(texts), title=plan.title, report=report), plan, report)


def size_of_script(
    script: str,
    *,
    length: float = 0.0,
    requirement: str,
    style: str,
    scenes: str = "",
    limits: FilmLimits = USUAL,
    report: Report,
) -> FilmSize:
    """Of the film that is made from a screenplay, or from the chosen scenes of it.

    Raises: UnusableText.
    """
    screenplay = writing.read_screenplay(script, title="", scenes=scenes, limits=limits, report=report)
    plan = planning.plan_for_script(screenplay, requirement=requirement, style=style)
    return _size(screenplay, replace(plan, seconds=length), report)


def _size(screenplay: Screenplay, plan: Plan, report: Report) -> FilmSize:
    cast = casting.cast_of(screenplay, plan, report=report)
    boards = [shots.board(scene, cast, plan=plan, report=report) for scene in screenplay.scenes]
    every = [shot for board in boards for shot in board.shots]
    return FilmSize(
        scenes=len(boards),
        characters=len(cast.characters),
        shots=len(every),
        seconds=sum(shot.seconds for shot in every),
        remarks=tuple(f"Line {note.line}: {note.text}" for note in screenplay.notes),
    )
