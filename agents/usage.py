"""What calls of models take: tokens, pictures, seconds of video, characters of speech; and whom a provider tells.

A provider asks `check_budget` before each call that costs, and tells `report` after it. Both reach the job that the
agent works on, through the context: no method of a studio has to hand it on. Threads that an agent starts by itself have
no such context, unless they are given it (`contextvars.copy_context`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from msgspec import Struct

MODEL_LENGTH = 100  # characters of a model's name that are kept


class Usage(Struct, kw_only=True, frozen=True):
    """What one call of a model took."""

    model: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    pictures: int = 0
    video_seconds: float = 0.0
    speech_characters: int = 0


class Meter(Protocol):
    """Who counts: a `Job`."""

    def check_budget(self) -> None:
        """Raises BudgetReached when no more may be spent."""
        ...

    def report_usage(self, usage: Usage) -> None:
        """Counts what a call took."""
        ...


_meter: ContextVar[Meter | None] = ContextVar("usage_meter", default=None)


@contextmanager
def metered(meter: Meter) -> Iterator[None]:
    """What is asked and reported within goes to `meter`."""
    token = _meter.set(meter)
    try:
        yield
    finally:
        _meter.reset(token)


def check_budget() -> None:
    """To be called before each call of a model that costs. Outside of a job it does nothing.

    Raises: BudgetReached when what the film has cost is its budget, or more.
    """
    if meter := _meter.get():
        meter.check_budget()


def report(usage: Usage) -> None:
    """To be called as soon as a model has answered, whatever becomes of the answer. Outside of a job it does nothing."""
    if meter := _meter.get():
        meter.report_usage(usage)
