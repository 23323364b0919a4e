"""Holds the scenes of a script against the limits of a film, and says which of them fit."""

from collections.abc import Sequence

from agents.animatic.errors import UnfitScenes, UnusableText
from agents.animatic.film import Scene
from agents.animatic.limits import LONGEST_SELECTION, SPLIT, FilmLimits
from agents.animatic.screenplays.people import single_voices
from agents.animatic.screenplays.selection import labels_of
from agents.animatic.storyboards.shots import length_of


def demand_fit(scenes: Sequence[Scene], limits: FilmLimits, *, script: Sequence[Scene]) -> None:
    """Whether these scenes of a script are a film of the size that an installation allows. They bear the labels of it.

    Raises: UnfitScenes with the first scenes that are, ready to be chosen ("write 1-38 in Scenes"); UnusableText where
    not even one is.
    """
    counted = [length_of(scene) for scene in scenes]
    problem = _problem(scenes, counted, limits)
    if not problem:
        return
    fitting = _fitting(scenes, counted, limits)
    if not fitting:
        raise UnusableText(f"{problem} {SPLIT}")
    raise UnfitScenes(f"{problem} {_offer(script, scenes[:fitting])}")


def _problem(scenes: Sequence[Scene], counted: Sequence[tuple[int, float]], limits: FilmLimits) -> str:
    """What there is too much of, as a sentence; "" where it fits."""
    sizes = (
        (len(scenes), limits.scenes, "scenes"),
        (sum(shots for shots, _ in counted), limits.shots, "shots"),
        (round(sum(seconds for _, seconds in counted)), limits.seconds, "seconds of film"),
        (len(single_voices(_speakers(scenes))), limits.characters, "characters who speak"),
    )
    for count, most, what in sizes:
        if count > most:
            return f"The text has {count:,} {what}; a film takes at most {most:,}."
    return ""


def _fitting(scenes: Sequence[Scene], counted: Sequence[tuple[int, float]], limits: FilmLimits) -> int:
    """How many scenes from the first one on fit together. One more name is taken for one more person, which errs to the safe side."""
    shots, seconds = 0, 0.0
    names: set[str] = set()
    for place, (scene, (more_shots, more_seconds)) in enumerate(zip(scenes, counted, strict=True)):
        shots, seconds = shots + more_shots, seconds + more_seconds
        names |= _speakers([scene])
        is_too_much = place >= limits.scenes or shots > limits.shots or round(seconds) > limits.seconds
        if is_too_much or len(names) > limits.characters:
            return place
    return len(scenes)


def _speakers(scenes: Sequence[Scene]) -> set[str]:
    return {element.character for scene in scenes for element in scene.elements if element.character}


def _offer(script: Sequence[Scene], fitting: Sequence[Scene]) -> str:
    labels = labels_of(script)
    is_labelled = any(scene.label for scene in fitting)
    ranges = _ranges(labels, [scene.label for scene in fitting] if is_labelled else labels[: len(fitting)])
    selection = ", ".join(ranges)
    while len(selection) > LONGEST_SELECTION:
        ranges.pop()
        selection = ", ".join(ranges)
    if not selection:
        return SPLIT
    if selection.isalnum():
        return f"Scene {selection} fits: write {selection} in Scenes."
    return f"Scenes {selection.replace('-', '–')} fit: write {selection} in Scenes."


def _ranges(all_labels: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """The chosen scenes as ranges of neighbours in the script: ["1-38", "40"]. Scenes without a number cannot be named."""
    places = {label: place for place, label in reversed(list(enumerate(all_labels))) if label}
    runs: list[list[int]] = []
    for place in [places[label] for label in chosen if label]:
        if runs and not any(all_labels[runs[-1][-1] + 1 : place]):
            runs[-1].append(place)
        else:
            runs.append([place])
    spelt = [(all_labels[run[0]], all_labels[run[-1]]) for run in runs]
    return [first if first == last else f"{first}-{last}" for first, last in spelt]
