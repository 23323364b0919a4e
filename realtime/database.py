"""The way from the event loop to the database: a few threads, each with a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from channels.db import database_sync_to_async

from workflows.connections import keep_connections

# By default all sockets of a process would share one thread, and one slow statement would hold up all of them.
THREADS: Final = ThreadPoolExecutor(max_workers=8, thread_name_prefix="realtime", initializer=keep_connections)

Given = ParamSpec("Given")
Found = TypeVar("Found")


async def in_thread(job: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
    """What `job` returns or raises; the loop goes on meanwhile."""
    run = database_sync_to_async(job, thread_sensitive=False, executor=THREADS)
    found: Found = await run(*given, **named)
    return found
