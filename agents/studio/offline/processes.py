"""The worker processes that all jobs of this server share: some draw, others read and write text, others make sound.

What a person typed is never parsed in the server's process: a regular expression holds the interpreter's lock until it
ends. Pools of their own, so that a text does not wait behind a long queue of drawings, and only those that make sound
load numpy.
"""

import logging
import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.conf import settings

from agents.animatic.errors import UnusableText
from agents.animatic.progress import Report
from agents.contract import AgentError, UnusableInput
from agents.studio.offline.process_pool import ProcessPool, WorkerDied, WorkTooLong, WorkTooSlow
from agents.studio.offline.worker import Order

SECONDS_PER_DRAWING = 30.0  # of computing; far beyond any real one
SECONDS_PER_SOUND = 60.0  # likewise: a score takes about two
BUSY_FACTOR = 6  # work may take so many times longer than it may compute: the machine may be busy

Made = TypeVar("Made")

log = logging.getLogger(__name__)

_SIZE = settings.STUDIO_PROCESSES or os.cpu_count() or 1
_drawing = ProcessPool(_SIZE, megabytes=settings.STUDIO_PROCESS_MEGABYTES)
_reading = ProcessPool(_SIZE, megabytes=settings.STUDIO_PROCESS_MEGABYTES)
_sounding = ProcessPool(_SIZE, megabytes=settings.STUDIO_PROCESS_MEGABYTES)


def draw(work: Callable[[], Made], *, seconds: float | None = None, report: Report, words: str) -> Made:
    """The result of `work()`, done in a drawing process; it may compute for `seconds`, or as long as one drawing.

    Raises: AgentError (retryable) when the process died, took too long or too much memory; what `work` or `report` raises.
    """
    seconds = seconds or SECONDS_PER_DRAWING
    order = Order(work, cpu_seconds=seconds)
    try:
        made: Made = _drawing.run(order, seconds=seconds * BUSY_FACTOR, report=report, words=words)
    except (WorkerDied, WorkTooSlow) as error:
        raise AgentError("The drawing process died or took too long.", retryable=True) from error
    except MemoryError as error:
        raise AgentError("The drawing process ran out of memory.", retryable=True) from error
    return made


def sound_work(
    work: Callable[..., Made], *args: Any, seconds: float = SECONDS_PER_SOUND, report: Report, words: str, **kwargs: Any
) -> Made:
    """The result of `work(*args, report=…, **kwargs)`, done in a process for sound, within `seconds` of computing.

    Raises: AgentError (retryable) when the process died, took too long or too much memory; what `work` or `report` raises.
    """
    order = Order(partial(work, *args, **kwargs), cpu_seconds=seconds, takes_report=True)
    try:
        made: Made = _sounding.run(order, seconds=seconds * BUSY_FACTOR, report=report, words=words)
    except (WorkerDied, WorkTooSlow) as error:
        raise AgentError("The process that makes the sound died or took too long.", retryable=True) from error
    except MemoryError as error:
        raise AgentError("The process that makes the sound ran out of memory.", retryable=True) from error
    return made


def text_work(work: Callable[..., Made], *args: Any, report: Report, words: str = "", **kwargs: Any) -> Made:
    """The result of `work(*args, report=…, **kwargs)`, done in a text process.

    Raises: UnusableInput when the text is at fault: the work refuses it, or needs too much time or memory for it;
    AgentError (retryable) when the process died or the machine is too busy; what else `work` or `report` raises.
    """
    order = Order(partial(work, *args, **kwargs), cpu_seconds=settings.STUDIO_TEXT_SECONDS, takes_report=True)
    seconds = settings.STUDIO_TEXT_SECONDS * BUSY_FACTOR
    try:
        made: Made = _reading.run(order, seconds=seconds, report=report, words=words)
    except UnusableText as error:
        raise UnusableInput(str(error)) from error
    except WorkTooLong as error:
        raise UnusableInput("This text takes too long to read. Shorten it, or make several films of it.") from error
    except MemoryError as error:
        raise UnusableInput("This text takes too much memory. Shorten it, or make several films of it.") from error
    except WorkTooSlow as error:
        raise AgentError("The server was too busy to read this text in time.", retryable=True) from error
    except WorkerDied as error:
        raise AgentError("The process that read this text died.", retryable=True) from error
    return made


def refusal(work: Callable[..., object], *args: Any, seconds: float, **kwargs: Any) -> UnusableText | None:
    """Why `work` refuses a text; None when it does not, or when that cannot be found out within `seconds`."""
    try:
        _within(seconds, partial(work, *args, **kwargs))
    except UnusableText as error:
        return error
    except (WorkTooLong, WorkTooSlow, WorkerDied, MemoryError):
        log.info("A text could not be checked in time; the first task will read it.")
    return None


def attempted(work: Callable[..., Made], *args: Any, seconds: float, **kwargs: Any) -> Made | None:
    """The result of `work`, done in a text process; None when it refuses the text, or needs more than `seconds`."""
    try:
        made: Made = _within(seconds, partial(work, *args, **kwargs))
    except (UnusableText, WorkTooLong, WorkTooSlow, WorkerDied, MemoryError):
        return None
    return made


def _within(seconds: float, work: Callable[..., object]) -> Any:  # noqa: ANN401 - whatever the work returns
    order, until = Order(work, cpu_seconds=seconds, takes_report=True), time.monotonic() + seconds

    def watch(_fraction: float, _words: str) -> None:
        if time.monotonic() > until:  # also while it waits for a process to be free
            raise WorkTooSlow

    return _reading.run(order, seconds=seconds, report=watch, words="")


def close() -> None:
    """Ends all processes, whatever they do. The next piece of work starts new ones."""
    _drawing.close()
    _reading.close()
    _sounding.close()
