"""What the documents say must be so: settings, pictures, links, and the first example of the protocol."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cast import PASSWORD
from tests.samples import SHORT_SCRIPT
from tests.server import ROOT, Server
from tests.workflows.test_crash import FILM_SECONDS

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
DOCUMENTS += [ROOT / folder / "README.md" for folder in ("clients/python", "deploy", "examples/composer")]

QUOTED = (".py", ".toml")
WANTED = re.compile(r"wanted = (\{.*\})\n")


def test_every_setting_is_documented() -> None:
    source = (ROOT / "project" / "settings.py").read_text()
    settings = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    documented = "".join(path.read_text() for path in DOCUMENTS)
    assert settings
    assert [name for name in sorted(settings) if f"`{name}`" not in documented] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_links_to_exists(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|\.\./\.\./actions/)([^)#]+)", document.read_text())  # actions: on GitHub
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_badges_say_what_is_so() -> None:
    badges = {path.stem: path.read_text() for path in (ROOT / "docs" / "images" / "badges").glob("*.svg")}
    tried = re.search(r"python: \[(.*)\]", (ROOT / ".github" / "workflows" / "ci.yml").read_text())
    assert tried
    assert [version for version in re.findall(r"[\d.]+", tried[1]) if version not in badges["python"]] == []
    requirements = (ROOT / "requirements.txt").read_text()
    for package in ("django", "channels"):
        pinned = re.search(rf"^{package}==(\d+\.\d+)", requirements, re.MULTILINE)
        assert pinned
        assert f">{pinned[1]}" in badges[package]
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")
    assert ">MIT<" in badges["licence"]


def test_the_figures_of_the_readme_are_those_of_the_benchmarks() -> None:
    readme, benchmarks = (ROOT / "README.md").read_text(), (ROOT / "docs" / "benchmarks.md").read_text()
    why = readme[readme.index("## Why not …?") : readme.index("## Build on it")]
    figures = re.findall(r"\d[\d,]*\.\d+|\d{1,3}(?:,\d{3})+|\d{2,}", why)
    assert len(figures) >= 12
    assert [figure for figure in figures if not re.search(rf"(?<![\d.,]){figure}", benchmarks)] == []


def test_what_the_documents_quote_of_the_composer_is_what_stands_there() -> None:
    composer = "\n".join(
        path.read_text() for path in (ROOT / "examples" / "composer").rglob("*.*") if path.suffix in QUOTED
    )
    crew, readme = (ROOT / "docs" / "crew.md").read_text(), (ROOT / "README.md").read_text()
    blocks = re.findall(
        r"```(?:python|toml)\n(.*?)```", crew[crew.index("## An agent of your own") :] + readme, re.DOTALL
    )
    quoted = [block for block in blocks if "OrchestraConfig" not in block]
    assert len(quoted) >= 6
    assert [block for block in quoted if block not in composer] == []


@pytest.fixture
def example() -> str:
    """The first example of the protocol."""
    found = re.search(r"```python\n(.*?)```", (ROOT / "docs" / "protocol.md").read_text(), re.DOTALL)
    assert found
    return found[1]


def test_the_film_of_the_first_example_of_the_protocol_can_be_started(example: str, server: Server) -> None:
    wanted = WANTED.search(example)
    assert wanted
    with server.client("alice") as http:
        workflow = http.post("/api/workflows/", json=ast.literal_eval(wanted[1])).raise_for_status().json()
        http.post(f"/api/workflows/{workflow['id']}/control/", json={"action": "cancel"}).raise_for_status()


@pytest.mark.timeout(2 * FILM_SECONDS)
def test_the_first_example_of_the_protocol_makes_a_film_and_follows_it(example: str, server: Server) -> None:
    short = {"pipeline": "script2video", "input": {"script": SHORT_SCRIPT}}
    example = WANTED.sub(lambda _: f"wanted = {short}\n", example)  # its own takes four times as long
    who = {"CALLBOARD_URL": server.url, "CALLBOARD_USER": "alice", "CALLBOARD_PASSWORD": PASSWORD}
    ran = subprocess.run(
        [sys.executable, "-c", example],
        env={**os.environ, **who},
        capture_output=True,
        text=True,
        timeout=FILM_SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "It is completed" in ran.stdout
    assert "The film: " in ran.stdout
