"""The offline image studio: the files that it writes, and that its processes behave."""

import os
import signal
import time
from pathlib import Path

import pytest
from PIL import Image

from agents.contract import AgentError, JobStopped
from agents.studio.offline import process_pool
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
    assert said[0][0] == 0.0
    assert said[-1] == (1.0, "Drawing MARA from the front")


def test_a_path_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    with pytest.raises(AgentError, match="could not be drawn"):
        OfflineImages().portrait(MARA, "front", style="", to=tmp_path / "no" / "p.png", report=silent)


def test_a_stop_request_gets_through_while_a_picture_is_drawn(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writers: list[int] = []

    def stop_once_it_is_read() -> None:
        try:
            writers.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            return  # the work has not begun
        raise JobStopped

    with pytest.raises(JobStopped):
        process_pool.run(stop_once_it_is_read, Path.read_bytes, pipe)  # without an end as long as there is a writer
    os.close(*writers)


def test_drawing_processes_run_at_a_lower_priority_in_another_process() -> None:
    assert process_pool.run(lambda: None, os.nice, 0) >= 10
    assert process_pool.run(lambda: None, os.getpid) != os.getpid()


def test_a_process_that_dies_is_replaced_and_the_loss_is_reported() -> None:
    with pytest.raises(AgentError, match="died") as caught:
        process_pool.run(lambda: None, signal.raise_signal, signal.SIGKILL)
    assert caught.value.retryable
    assert process_pool.run(lambda: None, abs, -3) == 3


def test_an_error_in_the_work_comes_back_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        process_pool.run(lambda: None, divmod, 1, 0)


def test_the_process_pool_opens_again_after_it_was_closed() -> None:
    first = process_pool.run(lambda: None, os.getpid)
    process_pool.close()
    process_pool.close()
    assert process_pool.run(lambda: None, os.getpid) != first


def test_a_drawing_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_pool, "SECONDS_PER_DRAWING", 1)
    with pytest.raises(AgentError, match="too long"):
        process_pool.run(lambda: None, time.sleep, 600)  # much longer than a test may take


@pytest.fixture(scope="module", autouse=True)
def _process_pool_is_closed_at_the_end() -> object:
    yield
    process_pool.close()
