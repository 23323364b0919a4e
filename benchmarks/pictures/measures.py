"""What is counted: places without a set, shots without anybody or anything, camera moves and sizes, seconds for a frame."""

import time
from collections import Counter
from dataclasses import dataclass

from agents.animatic.drawing import acting
from agents.animatic.drawing.picture import FrameOrder, frame
from agents.animatic.film import Cast, Shot
from agents.animatic.places import is_known
from benchmarks.pictures import films

FAR = ("wide", "extreme_wide")  # sizes in which a small thing cannot be seen


@dataclass(frozen=True, slots=True)
class Shown:
    """What all films together show."""

    shots: list[tuple[Shot, Cast]]
    empty: int  # shots with nobody and nothing
    empty_though_peopled: int  # of these those in scenes with people
    moves: Counter[str]
    sizes: Counter[str]


def unknown_places() -> list[str]:
    """The headings of which no word is known."""
    return [heading for heading, setting in films.settings() if not is_known(setting)]


def is_empty(shot: Shot) -> bool:
    """Whether there is nobody and nothing in the picture but the place."""
    if shot.characters or acting.placed_things(shot):
        return False
    return shot.size in FAR or not (acting.all_things(shot) or acting.card(shot))


def shown() -> Shown:
    """All films, counted."""
    made, empty, peopled = [], 0, 0
    for plan, screenplay, cast in films.films():
        for scene, shots in films.boards(plan, screenplay, cast):
            made += [(shot, cast) for shot in shots]
            found = sum(is_empty(shot) for shot in shots)
            empty, peopled = empty + found, peopled + (found if scene.characters else 0)
    moves, sizes = Counter(shot.move for shot, _ in made), Counter(shot.size for shot, _ in made)
    return Shown(made, empty, peopled, Counter(moves), Counter(sizes))


def seconds_per_frame(shots: list[tuple[Shot, Cast]], count: int) -> float:
    """CPU seconds for a frame, over shots that are spread evenly."""
    chosen = shots[:: max(1, len(shots) // count)][:count]
    started = time.process_time()
    for shot, cast in chosen:
        frame(FrameOrder(shot, cast.characters, "", "", is_last=False, variant=0))
    return (time.process_time() - started) / len(chosen)
