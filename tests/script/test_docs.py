"""What the documents say must be so: settings, pictures, links, and the first example of the protocol."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cast import PASSWORD
from tests.server import ROOT, Server

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), ROOT / "deploy" / "README.md"]


def test_every_setting_is_documented() -> None:
    source = (ROOT / "project" / "settings.py").read_text()
    settings = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    documented = "".join(path.read_text() for path in DOCUMENTS)
    assert settings
    assert [name for name in sorted(settings) if f"`{name}`" not in documented] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_links_to_exists(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.timeout(180)
def test_the_first_example_of_the_protocol_makes_a_film_and_follows_it(server: Server) -> None:
    text = (ROOT / "docs" / "protocol.md").read_text()
    example = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert example
    who = {"CALLBOARD_URL": server.url, "CALLBOARD_USER": "alice", "CALLBOARD_PASSWORD": PASSWORD}
    ran = subprocess.run(
        [sys.executable, "-c", example[1]],
        env={**os.environ, **who},
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "It is completed" in ran.stdout
    assert "The film: " in ran.stdout
