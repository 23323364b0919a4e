"""Reads forty ideas, writes their films as far as the storyboard, and counts.

    python -m benchmarks.stories                the figures
    python -m benchmarks.stories --told fox     what the film of one idea shows and says, shot by shot
    python -m benchmarks.stories --languages    what is seen of thirty ideas in ten other languages

Writes benchmarks/results/stories.json with `--save`.
"""

import argparse
import sys
import tomllib
from collections import Counter
from pathlib import Path

from benchmarks.reporting import save, table
from benchmarks.stories import languages
from benchmarks.stories.measures import Idea, Measured, measure

SCENES = 3  # what the form asks for
LENGTH_TOLERANCE = 0.1


def ideas() -> list[Idea]:
    """The ideas of ideas.toml, in its order."""
    with (Path(__file__).parent / "ideas.toml").open("rb") as file:
        return [Idea(name=name, **record) for name, record in tomllib.load(file).items()]


def figures(films: list[Measured], read: list[Idea]) -> dict[str, str]:
    """What is counted, by its name, against the bar that it has."""
    actions = sum(len(film.actions) for film in films)
    own = sum(len(film.own) for film in films)
    worst = min(films, key=lambda film: len(film.own) / max(1, len(film.actions)))
    lines = Counter(line for film in films for line in set(film.lines))
    timed = [(film, idea) for film, idea in zip(films, read, strict=True) if idea.seconds]
    listed = [film for film, idea in zip(films, read, strict=True) if idea.cast is not None]
    things = sum(len(idea.shows) for idea in read)
    spoken = sum(len(idea.speech) for idea in read)
    heard = sum(line in film.lines for film, idea in zip(films, read, strict=True) for line in idea.speech)
    invented = sum(line not in idea.speech for film, idea in zip(films, read, strict=True) for line in film.lines)
    return {
        "sentences of action that come from the idea (bar 70 %)": f"{own / actions:.0%} of {actions}",
        "the least of one film": f"{len(worst.own) / max(1, len(worst.actions)):.0%} ({worst.name})",
        "lines of dialogue in two films (bar 0)": f"{sum(count > 1 for count in lines.values())} of {len(lines)}",
        "lines of dialogue that no idea has (bar 0)": str(invented),
        "lines of dialogue of the ideas that are spoken (bar all)": f"{heard} of {spoken}",
        "people, animals, things and places in the storyboard (bar all)": (
            f"{things - sum(len(film.missing) for film in films)} of {things}"
        ),
        "false names and split people (bar 0)": str(sum(len(film.false_names) for film in listed)),
        "people who are not in the cast (bar 0)": str(sum(len(film.lost_people) for film in listed)),
        'sentences broken at "Mr." or "U.S." (bar 0)': str(sum(len(film.cut_sentences) for film in films)),
        "films as long as asked, ± 10 % (bar all)": (
            f"{sum(abs(film.seconds - idea.seconds) <= LENGTH_TOLERANCE * idea.seconds for film, idea in timed)} of {len(timed)}"
        ),
        "languages told apart (bar all)": (
            f"{sum(film.plan.language == idea.language for film, idea in zip(films, read, strict=True))} of {len(read)}"
        ),
    }


def main() -> int:
    """Prints the figures, or one film."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--told", metavar="NAME", nargs="*", help="show these films shot by shot (all without a name)")
    parser.add_argument("--languages", action="store_true", help="what is seen of thirty ideas in ten languages")
    parser.add_argument("--scenes", type=int, default=SCENES)
    parser.add_argument("--save", action="store_true")
    wishes = parser.parse_args()
    if wishes.languages:
        return _languages(wishes.scenes)
    read = ideas()
    films = [measure(idea, wishes.scenes) for idea in read]
    if wishes.told is not None:
        for film in films:
            if not wishes.told or film.name in wishes.told:
                sys.stdout.write(_told(film))
        return 0
    counted = figures(films, read)
    sys.stdout.write(table(["", ""], list(counted.items())) + "\n\n")
    sys.stdout.write(_wrong(films))
    if wishes.save:
        save("stories", {"scenes": wishes.scenes, "ideas": len(read), "figures": counted})
    return 0


def _wrong(films: list[Measured]) -> str:
    """What is missing or too much, film by film."""
    return "".join(
        f"{film.name}: {what.replace('_', ' ')}: {', '.join(found)}\n"
        for film in films
        for what in ("missing", "false_names", "lost_people", "cut_sentences")
        if (found := getattr(film, what)) and (what != "false_names" or film.plan.language in {"", "en"})
    )


def _languages(scenes: int) -> int:
    read = languages.foreign_ideas()
    films = [languages.seen(idea, scenes) for idea in read]
    sys.stdout.write(table(["", ""], list(languages.figures(films, read).items())) + "\n\n")
    for film in films:
        for what in ("lost_people", "false_people", "wrong_looks", "lost_places", "lost_things", "foreign_words"):
            if found := getattr(film, what):
                sys.stdout.write(f"{film.name}: {what.replace('_', ' ')}: {', '.join(found)}\n")
    return 0


def _told(film: Measured) -> str:
    plan = film.plan
    head = f"\n## {film.name}: “{plan.title}” {plan.form} {plan.language} {plan.tone} {film.seconds:.1f} s\n"
    return head + "\n".join(f"  {line}" for line in film.shown) + "\n"


if __name__ == "__main__":
    sys.exit(main())
