"""Runs several pieces of work in parallel, with one progress for all of them."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from agents.animatic.progress import Report

MOST_AT_ONCE = 2  # one core each

Work = Callable[[Report], None]


def part_of(report: Report, start: float, end: float) -> Report:
    """A report whose 0.0-1.0 is `start` to `end` of the whole."""
    return lambda fraction, words: report(start + (end - start) * fraction, words)


def run_parallel(works: Sequence[tuple[float, Work]], report: Report) -> None:
    """Does all works, `MOST_AT_ONCE` at a time; each is (its weight in the progress, what to call with a report).

    Ends with the first that fails: the others are stopped at their next report.

    Raises: what the first failing work raises.
    """
    progress = _JointProgress([weight for weight, _ in works], report)
    with ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="parallel") as pool:
        for number, (_, work) in enumerate(works):
            pool.submit(progress.follow, number, work)
    if progress.failure:
        raise progress.failure


class _Stopped(Exception):
    """Another piece of work failed, so this one is pointless."""


class _JointProgress:
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
            work(lambda fraction, words: self._advance(number, fraction, words))
        except _Stopped:
            pass
        except BaseException as failure:  # noqa: BLE001 - raised again by run_parallel
            with self._lock:
                self.failure = self.failure or failure

    def _advance(self, number: int, fraction: float, words: str) -> None:
        with self._lock:
            if self.failure:
                raise _Stopped
            self._done[number] = fraction
            share = sum(weight * done for weight, done in zip(self._weights, self._done, strict=True))
            self._report(share / sum(self._weights), words)
