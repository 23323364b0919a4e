"""The code blocks of the documents, and what a comment before one says of it.

A block is run, or validated, by tests/docs, unless the line before it is one of

    <!-- run by: tests/a.py, tests/b.py -->     these tests run the same
    <!-- quoted from: examples/composer -->     it stands there, word for word
    <!-- schema: WaitingFor -->                 JSON of this type of the API; else its `type` says which message it is
    <!-- not run: why -->                       nothing can run it here; tests/docs/test_examples.py counts these
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.prepared_data import ROOT

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
DOCUMENTS += [
    ROOT / folder / "README.md"
    for folder in (
        "clients/python",
        "deploy",
        "examples/composer",
        "examples/react-app",
        "frontend/packages/client",
        "frontend/packages/react",
    )
]
FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^ *```", re.DOTALL | re.MULTILINE)
MARK = re.compile(r"<!-- (run by|quoted from|schema|not run): (.+?) -->\s*\Z")


@dataclass(frozen=True)
class Fence:
    """One code block: where it stands, its language and text, and its mark: "run by", "not run" …, or "" for none."""

    path: Path
    line: int
    language: str
    text: str
    mark: str
    detail: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def fences(*languages: str, mark: str | None = None) -> list[Fence]:
    """Those of all documents, in these languages (or all), with this mark (None: any, "": those without one)."""
    found = [fence for path in DOCUMENTS for fence in fences_of(path)]
    return [
        fence
        for fence in found
        if (not languages or fence.language in languages) and (mark is None or fence.mark == mark)
    ]


def fences_of(path: Path) -> Iterator[Fence]:
    """All code blocks of a document, in order."""
    text = path.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        before = text[: found.start()]
        mark = MARK.search(before)
        kind, detail = (mark[1], mark[2]) if mark else ("", "")
        yield Fence(path, before.count("\n") + 1, found["language"], found["text"], kind, detail)
