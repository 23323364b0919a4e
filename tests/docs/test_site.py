"""The documentation as a site: its links and anchors are checked while it is built, and it needs nothing from elsewhere."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.fences import fences
from tests.node import INSTALLED
from tests.prepared_data import ROOT

BUILD_SECONDS = 60


def build(site: Path, docs: Path = ROOT / "docs") -> subprocess.CompletedProcess[str]:
    """Builds it as script/docs does. Not with --quiet: then mkdocs counts no warnings, and --strict has nothing to fail for."""
    if not (INSTALLED / "node_modules" / "@mermaid-js").is_dir():
        pytest.skip(f"no packages in {INSTALLED}: script/setup --dev installs them")
    folders = {"CALLBOARD_SITE": str(site), "CALLBOARD_DOCS": str(docs), "CALLBOARD_NODE_TESTS": str(INSTALLED)}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "mkdocs", "build", "--strict"],
        cwd=ROOT,
        env={**os.environ, **folders, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    folder = tmp_path_factory.mktemp("site")
    built = build(folder)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def test_it_loads_nothing_from_elsewhere(site: Path) -> None:
    loaded = re.compile(
        r'<(?:script|img|iframe|source|link(?! rel="canonical"))[^>]*(?:src|href)="?(?:https?:)?//[^>]*>'
    )
    foreign = {path.name: loaded.findall(path.read_text()) for path in site.rglob("*.html")}
    assert {name: found for name, found in foreign.items() if found} == {}
    assert (site / "javascripts" / "mermaid.js").stat().st_size > 1_000_000


def test_every_type_of_the_protocol_is_in_the_rendered_asyncapi(site: Path) -> None:
    page = (site / "asyncapi-reference.html").read_text()
    for name in ("Subscribe", "WelcomeMessage", "WorkflowSnapshot", "TaskFailed", "ErrorType"):
        assert f'id="{name.lower()}"' in page
    assert "/ws/workflow/{workflow_id}" in page


def test_every_diagram_is_in_the_site(site: Path) -> None:
    drawn = sum(path.read_text().count('<pre class="mermaid">') for path in site.rglob("*.html"))
    outside = [fence for fence in fences("mermaid") if fence.path.name != "README.md"]
    assert drawn == len(outside) >= 5


@pytest.mark.parametrize("link", ["protocol.md#no-such-heading", "no-such-page.md", "../no/such/file.py"])
def test_a_link_that_leads_nowhere_fails_the_build(tmp_path: Path, link: str) -> None:
    docs = tmp_path / "docs"
    shutil.copytree(ROOT / "docs", docs)
    with (docs / "index.md").open("a") as page:
        page.write(f"\n[a link]({link})\n")
    built = build(tmp_path / "site", docs)
    assert built.returncode != 0
    assert link.rpartition("/")[2].partition("#")[0] in built.stdout + built.stderr
