"""What all log lines of the present work have in common: the request, or the workflow, task, agent and attempt that it is for.

It goes along into coroutines and into Django's threads, as context variables do. Whoever hands work to a thread or process of its
own passes it on.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final

_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
_fields: ContextVar[Mapping[str, object]] = ContextVar("log_fields", default=_NOTHING)


def current() -> Mapping[str, object]:
    """The fields of log lines that are written now."""
    return _fields.get()


@contextmanager
def bound(**fields: object) -> Iterator[None]:
    """Adds fields to all log lines of what is done within."""
    token = _fields.set({**_fields.get(), **fields})
    try:
        yield
    finally:
        _fields.reset(token)
