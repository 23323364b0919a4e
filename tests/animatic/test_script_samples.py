"""A dozen screenplays as people write them, each with what is read of it: every line with its speaker, and nothing lost.

In `scripts` stand the scripts, and beside each of them, in `.read`, what is to be read: the headings with the numbers of
the scenes and who is in them, then "NAME: speech", "^" for one at the same time, ">" for transitions, "@" for the camera.
"""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from agents.animatic.film import Element, Screenplay
from agents.animatic.screenplays import final_draft, fountain, parse

SCRIPTS = sorted(path for path in (Path(__file__).parent / "scripts").iterdir() if path.suffix != ".read")
# What a reader leaves out on purpose: the paper's own words, and notes to other writers.
LEFT_OUT = re.compile(
    r"/\*.*?\*/|\[\[.*?\]\]|<(?:ScriptNote|Summary|HeaderAndFooter|SmartType).*?</(?:ScriptNote|Summary|HeaderAndFooter|SmartType)>|"
    r"<Paragraph Type=\"Cast List\">.*?</Paragraph>|<[^>]*>|^(?:#+ (?!Scene).*|= .*|Credit:.*|Draft date:.*|Contact:\n(?:\s+.*\n)+)|"
    r"\(?CONT(?:['’]D|INUED:?)\)?(?: \(\d+\))?|\(MORE\)|\bOMITTED\b|(?m:^\s*\d+[A-Z]?\.?\s|\s\d+[A-Z]?\.?$)|"
    r"Written by|(?m:^by$)|Authors:|&amp;",
    re.DOTALL | re.MULTILINE,
)
WORD = re.compile(r"[^\W\d_]{3,}")


def shown(screenplay: Screenplay) -> str:
    rows = [f"{screenplay.title} / {screenplay.author}"]
    for scene in screenplay.scenes:
        rows += ["", f"[{scene.label}] {scene.heading} ({', '.join(scene.characters)})", *map(row_of, scene.elements)]
    notes = [f"Line {note.line}: {note.text}" for note in screenplay.notes]
    return "\n".join([*rows, *([""] if notes else []), *notes]) + "\n"


def row_of(element: Element) -> str:
    if element.kind != "dialogue":
        return {"action": "", "transition": "> ", "camera": "@ "}[element.kind] + element.text
    manner = f" ({element.parenthetical})" if element.parenthetical else ""
    return f"{element.character}{' ^' if element.is_dual else ''}{manner}: {element.text}"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_read_as_its_writer_meant_it(path: Path) -> None:
    expected = path.with_name(f"{path.name}.read").read_text(encoding="utf-8")
    assert shown(parse(path.read_text(encoding="utf-8"))) == expected


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_word_of_a_script_is_in_what_is_read(path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    read = shown(parse(script)).casefold()
    words = {word.casefold() for word in WORD.findall(LEFT_OUT.sub(" ", script))}
    paper = {"title", "titel", "scene", "act", "innen", "aussen", "number", "standalone"}
    assert sorted(word for word in words - paper if word not in read) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
@pytest.mark.parametrize("form", [fountain, final_draft], ids=["Fountain", "Final Draft"])
def test_what_is_written_down_reads_back_as_the_same(path: Path, form: object) -> None:
    screenplay = parse(path.read_text(encoding="utf-8"))
    again = parse(form.write(screenplay))  # type: ignore[attr-defined]
    assert replace(again, notes=[]) == replace(screenplay, notes=[])
