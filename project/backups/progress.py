"""A progress bar in the terminal, by bytes; silent where the output is no terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn


class Bar:
    """One bar, whose end moves away as more is found to do."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task, self._total = progress, task, 0

    def expect(self, size: int) -> None:
        """So many bytes are still to come."""
        self._total += size
        self._progress.update(self._task, total=self._total)

    def advance(self, size: int) -> None:
        """So many bytes are done."""
        self._progress.advance(self._task, size)


@contextmanager
def shown(words: str) -> Iterator[Bar]:
    """A bar with these words before it, on the error output."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        yield Bar(progress, progress.add_task(words, total=None))
