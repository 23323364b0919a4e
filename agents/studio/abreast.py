"""Does several pieces of work side by side and tells how far they are together."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from agents.animatic.progress import Report

ABREAST = 2  # one core each

Work = Callable[[Report], None]


def part_of(report: Report, start: float, end: float) -> Report:
    """A report whose 0.0-1.0 is `start` to `end` of the whole."""
    return lambda fraction, words: report(start + (end - start) * fraction, words)


def all_abreast(works: Sequence[tuple[float, Work]], report: Report) -> None:
    """Does all works, `ABREAST` at a time, each with its weight; ends with the first that fails, stopping the others.

    Raises: what the first failing work raises.
    """
    progress = _Together([weight for weight, _ in works], report)
    with ThreadPoolExecutor(ABREAST, thread_name_prefix="abreast") as pool:
        for number, (_, work) in enumerate(works):
            pool.submit(progress.follow, number, work)
    if progress.failure:
        raise progress.failure


class _Stopped(Exception):
    """Another piece of work failed, so this one is pointless."""


class _Together:
    """Sums up what the works report; refuses to go on after the first failure."""

    def __init__(self, weights: Sequence[float], report: Report) -> None:
        self.failure: BaseException | None = None
        self._weights = weights
        self._done = [0.0] * len(weights)
        self._report = report
        self._lock = Lock()

    def follow(self, number: int, work: Work) -> None:
        """Does one work, if nothing has failed yet."""
        try:
            work(lambda fraction, words: self._tell(number, fraction, words))
        except _Stopped:
            pass
        except BaseException as failure:  # noqa: BLE001 - raised again by all_abreast
            with self._lock:
                self.failure = self.failure or failure

    def _tell(self, number: int, fraction: float, words: str) -> None:
        with self._lock:
            if self.failure:
                raise _Stopped
            self._done[number] = fraction
            share = sum(weight * done for weight, done in zip(self._weights, self._done, strict=True))
            self._report(share / sum(self._weights), words)
