"""The offline image studio: the files that it writes."""

from pathlib import Path

import pytest
from PIL import Image

from agents.contract import AgentError
from agents.studio.offline import processes
from agents.studio.offline.images import OfflineImages
from tests.animatic.samples import MARA, TOM, shot


def silent(_fraction: float, _words: str) -> None:
    """A report that nobody reads."""


def test_the_studio_writes_portraits_and_frames(tmp_path: Path) -> None:
    studio, said = OfflineImages(), []
    assert studio.missing() == ""
    studio.portrait(MARA, "front", style="", to=tmp_path / "p.png", report=lambda f, words: said.append((f, words)))
    studio.frame(
        shot(),
        is_last=False,
        variant=0,
        cast=[MARA, TOM],
        references=[],
        style="",
        to=tmp_path / "f.png",
        report=silent,
    )
    with Image.open(tmp_path / "p.png") as kept, Image.open(tmp_path / "f.png") as shown:
        assert (kept.size, shown.size) == ((640, 800), (1600, 900))
        assert kept.format == shown.format == "JPEG"
    assert said[0][0] == 0.0
    assert said[-1] == (1.0, "Drawing MARA from the front")


def test_a_path_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    with pytest.raises(AgentError, match="could not be drawn"):
        OfflineImages().portrait(MARA, "front", style="", to=tmp_path / "no" / "p.png", report=silent)


@pytest.fixture(scope="module", autouse=True)
def _processes_are_ended() -> object:
    yield
    processes.close()
