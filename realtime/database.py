"""The one way from the event loop to the database: in a thread, with connections that are still good."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async

Given = ParamSpec("Given")
Found = TypeVar("Found")


async def in_thread(job: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
    """What `job` returns or raises; the loop goes on meanwhile."""
    found: Found = await database_sync_to_async(job)(*given, **named)
    return found
