"""The way from the event loop to the database: a few threads, each with a connection of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, ParamSpec, TypeVar

from django.db import close_old_connections

from workflows.connections import keep_connections

THREADS: Final = ThreadPoolExecutor(max_workers=8, thread_name_prefix="a2a", initializer=keep_connections)

Given = ParamSpec("Given")
Found = TypeVar("Found")


async def in_thread(job: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
    """What `job` returns or raises; the loop goes on meanwhile."""
    return await asyncio.get_running_loop().run_in_executor(THREADS, partial(_run, job, *given, **named))


def _run(job: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
    close_old_connections()  # those that are broken
    try:
        return job(*given, **named)
    finally:
        close_old_connections()
