"""`python -m benchmarks.pictures [--sheets FOLDER]`: prints the figures of docs/films.md; draws its contact sheets."""

import argparse
import sys
from pathlib import Path

from benchmarks.pictures import films, measures, sheets

FRAMES_TIMED = 40


def main() -> None:
    """Measures, prints, draws."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures", description=__doc__)
    parser.add_argument("--sheets", type=Path, help="draw the contact sheets into this folder")
    folder: Path | None = parser.parse_args().sheets
    unknown, all_places = measures.unknown_places(), films.settings()
    _say(f"places without a set: {len(unknown)} of {len(all_places)} ({len(unknown) / len(all_places):.1%})")
    _say("".join(f"    {heading}\n" for heading in unknown).rstrip())
    found = measures.shown()
    count = len(found.shots)
    _say(f"shots with nobody and nothing: {found.empty} of {count} ({found.empty / count:.1%})")
    _say(f"    of these in scenes with people: {found.empty_though_peopled}")
    for name, counter in (("moves", found.moves), ("sizes", found.sizes)):
        _say(f"{name}: " + ", ".join(f"{what} {number / count:.0%}" for what, number in counter.most_common()))
    _say(f"CPU seconds for a frame: {measures.seconds_per_frame(found.shots, FRAMES_TIMED):.2f}")
    if folder:
        sheets.draw(folder)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
