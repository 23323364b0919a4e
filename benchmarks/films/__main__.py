"""Makes the films of docs/films.md; prints their measures as a table; draws their contact sheets, with their sound.

    python -m benchmarks.films [--only NAME …] [--sheets docs/images/films]

Each film is made over the API of a server of its own, one after another. How long each took counts the whole way, from the
request to the finished film, with every core of the machine.
"""

import argparse
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import reporting, soundtrack
from benchmarks.films import making, sheets
from benchmarks.server import running_server

HERE = Path(__file__).parent
IDEAS = HERE.parent / "stories" / "ideas.toml"
HEAD = ("film", "seconds", "made in", "loudness", "true peak", "silence", "spoken, seconds")
MINUS = "\N{MINUS SIGN}"

Json = dict[str, Any]


def main() -> None:
    """Makes, measures, prints, draws."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="only these films of films.toml")
    parser.add_argument("--sheets", type=Path, help="draw the contact sheets into this folder")
    given = parser.parse_args()
    about = reporting.machine()
    with tempfile.TemporaryDirectory(prefix="callboard-films-") as folder:
        films = list(_films(given.only, Path(folder)))
        if given.sheets:
            sheets.draw([(film["title"], film["seconds"], film["path"]) for film in films], given.sheets)
    measures = [{name: value for name, value in film.items() if name != "path"} for film in films]
    if not given.only:
        reporting.save("films", {"machine": about, "films": measures})
    sys.stdout.write(reporting.table(HEAD, [_row(film) for film in measures]) + "\n")


def _films(only: Sequence[str], folder: Path) -> Sequence[Json]:
    with running_server() as server:
        made = []
        for name, asked in _asked().items():
            if only and name not in only:
                continue
            film = making.made(server, *asked, folder=folder / name)
            measures = soundtrack.measured(film.video) | {
                "spoken_seconds": soundtrack.spoken(film.captions.read_text(encoding="utf-8"))
            }
            made.append(
                {"name": name, "title": film.title, "made_in_seconds": film.made_in_seconds, "path": film.video}
                | measures
            )
            sys.stderr.write(f"{name}: {film.title}, {film.made_in_seconds:.0f} s\n")
    return made


def _asked() -> dict[str, tuple[str, Json]]:
    """Of each film its pipeline and its input."""
    ideas = tomllib.loads(IDEAS.read_text(encoding="utf-8"))
    return {
        name: _input(film, ideas[name]["idea"] if name in ideas else "")
        for name, film in tomllib.loads((HERE / "films.toml").read_text(encoding="utf-8")).items()
    }


def _input(film: Mapping[str, Any], idea: str) -> tuple[str, Json]:
    wishes = {name: value for name, value in film.items() if name != "screenplay"}
    if "screenplay" in film:
        script = (reporting.ROOT / film["screenplay"]).read_text(encoding="utf-8")
        return "script2video", {"script": script, **wishes}
    return "idea2video", {"idea": idea.strip(), **wishes}


def _row(film: Json) -> tuple[str, ...]:
    spoken = ", ".join(f"{name} {seconds:.0f}" for name, seconds in film["spoken_seconds"].items())
    return (
        film["title"],
        f"{film['seconds']:.0f}",
        f"{film['made_in_seconds']:.0f} s",
        f"{film['lufs']:.1f} LUFS".replace("-", MINUS),
        f"{film['true_peak']:.1f} dBTP".replace("-", MINUS),
        f"{film['silence_share']:.0%}",
        spoken or "nothing",
    )


if __name__ == "__main__":
    main()
