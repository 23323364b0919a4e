"""The worker processes: what one piece of work does, no other notices; a stop ends it at once."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from pytest_django import Settings

from agents.contract import AgentError, JobStopped, UnusableInput
from agents.studio.offline import processes
from agents.studio.offline.processes import draw, text_work
from tests.agents.process_work import devour, process_id, refuse, spin, wait_for_the_end

pytestmark = pytest.mark.usefixtures("measured_children")

ENDLESS_SECONDS = 600.0  # much longer than a test may take


def silent(_fraction: float, _words: str) -> None:
    """A report that nobody reads."""


def in_drawing(work: Callable[[], object]) -> object:
    """The result of the work, done in a drawing process."""
    return draw(work, report=silent, words="Drawing")


class StopWhen:
    """A report that stops the work as soon as it says so, and remembers what was said."""

    def __init__(self, is_time: Callable[[], bool]) -> None:
        self.said: list[str] = []
        self._is_time = is_time

    def __call__(self, _fraction: float, words: str) -> None:
        self.said.append(words)
        if self._is_time():
            raise JobStopped


# --- how it behaves ----------------------------------------------------------------------------------


def test_work_is_done_in_another_process_at_a_lower_priority() -> None:
    assert draw(partial(os.nice, 0), report=silent, words="") > os.nice(0)
    assert in_drawing(os.getpid) != os.getpid()
    assert text_work(process_id, report=silent) not in {os.getpid(), in_drawing(os.getpid)}


def test_what_the_work_reports_is_reported_here() -> None:
    said: list[tuple[float, str]] = []
    text_work(process_id, report=lambda fraction, words: said.append((fraction, words)))
    assert (0.25, "Looking at the badge") in said


def test_a_stop_ends_work_that_never_looks_up_and_its_process() -> None:
    report = StopWhen(lambda: "Spinning" in report.said)
    with pytest.raises(JobStopped):
        text_work(spin, report=report)
    assert worker_processes() == []


def test_a_stop_ends_a_drawing_that_blocks(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writers: list[int] = []

    def is_being_read() -> bool:
        try:
            writers.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            return False
        return True

    with pytest.raises(JobStopped):
        draw(partial(pipe.read_bytes), report=StopWhen(is_being_read), words="Drawing")
    os.close(*writers)
    assert worker_processes() == []


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSEGV])
def test_a_process_that_dies_loses_its_own_work_only(tmp_path: Path, end: signal.Signals) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as threads:
        other = threads.submit(draw, partial(pipe.read_bytes), report=silent, words="Drawing")
        with pipe.open("wb") as writer:  # returns once the other one reads
            with pytest.raises(AgentError, match="died") as caught:
                in_drawing(partial(signal.raise_signal, end))
            assert caught.value.retryable
            writer.write(b"done")
        assert other.result() == b"done"


def test_an_idle_process_that_dies_is_replaced() -> None:
    first = in_drawing(os.getpid)
    assert isinstance(first, int)
    os.kill(first, signal.SIGKILL)
    for child in multiprocessing.active_children():
        child.join()
    assert in_drawing(os.getpid) != first


def test_a_text_that_computes_for_too_long_is_refused_for_good(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "BUSY_FACTOR", ENDLESS_SECONDS)
    settings.STUDIO_TEXT_SECONDS = 0.2
    with pytest.raises(UnusableInput, match="takes too long to read") as caught:
        text_work(spin, report=silent)
    assert not caught.value.retryable
    assert worker_processes() == []


def test_a_text_that_waits_because_the_machine_is_busy_may_be_tried_again(settings: Settings, tmp_path: Path) -> None:
    settings.STUDIO_TEXT_SECONDS = 0.2
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(AgentError, match="too busy") as caught:
        text_work(wait_for_the_end, pipe, report=silent)
    assert caught.value.retryable


def test_a_drawing_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "SECONDS_PER_DRAWING", 0.3)
    with pytest.raises(AgentError, match="too long") as caught:
        in_drawing(partial(time.sleep, ENDLESS_SECONDS))
    assert caught.value.retryable


def test_a_text_that_eats_memory_is_refused_for_good_and_the_next_one_is_read() -> None:
    with pytest.raises(UnusableInput, match="too much memory") as caught:
        text_work(devour, report=silent)
    assert not caught.value.retryable
    assert text_work(process_id, report=silent) > 0


def test_a_text_that_the_work_refuses_is_the_makers_fault() -> None:
    with pytest.raises(UnusableInput, match="Nobody can read this"):
        text_work(refuse, report=silent)


def test_an_error_in_the_work_comes_back_as_it_is_and_says_where_it_was() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        in_drawing(partial(divmod, 1, 0))
    assert "In a worker process" in caught.value.__notes__[0]


def test_a_result_that_cannot_be_handed_over_is_an_error() -> None:
    with pytest.raises(TypeError, match="cannot hand over"):
        in_drawing(threading.Lock)


def test_text_does_not_wait_for_drawings(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as threads:
        drawings = [
            threads.submit(draw, partial(pipe.read_bytes), report=silent, words="Drawing")
            for _ in range((os.cpu_count() or 1) + 1)
        ]
        with pipe.open("wb"):
            assert text_work(process_id, report=silent) > 0
        stop_waiting(pipe, lambda: all(drawing.done() for drawing in drawings))


def stop_waiting(pipe: Path, is_over: Callable[[], bool]) -> None:
    """Opens and closes the pipe for whoever reads it, until it is over."""
    while not is_over():
        try:
            os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            threading.Event().wait(0.01)  # nobody reads it at the moment


def test_closed_pools_open_again() -> None:
    first = in_drawing(os.getpid)
    processes.close()
    processes.close()
    assert worker_processes() == []
    assert in_drawing(os.getpid) != first


def worker_processes() -> list[int]:
    """The worker processes that there are."""
    return [child.pid for child in multiprocessing.active_children() if child.pid]


@pytest.fixture(autouse=True)
def _processes_are_ended() -> Iterator[None]:
    processes.close()  # tests of films leave idle ones
    yield
    processes.close()
