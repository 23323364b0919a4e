"""Downloads that go on where they broke off. An artifact's content never changes: what is there already is good."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final

import httpx2

from callboard_client.backoff import backoff_seconds
from callboard_client.errors import Unreachable, refusal_of

TRIES: Final = 5  # in a row that bring nothing
PARTIAL: Final = 206
BEYOND_ITS_END: Final = 416

Open = Callable[[dict[str, str]], Awaitable[AbstractAsyncContextManager[httpx2.Response]]]


async def download(open_response: Open, part: Path, to: Path) -> Path:
    """Writes what `open_response`, called with headers, gives to `to`; by way of `part`, which is kept when it breaks off.

    Raises: Refused, Unreachable, OSError.
    """
    failures = 0
    while True:
        have = await asyncio.to_thread(_size, part)
        try:
            if await _fetch(open_response, part, have):
                await asyncio.to_thread(part.replace, to)
                return to
        except httpx2.TransportError as error:
            failures = 1 if await asyncio.to_thread(_size, part) > have else failures + 1
            if failures >= TRIES:
                raise Unreachable(f"The download broke off: {error}") from error
            await asyncio.sleep(backoff_seconds(failures))


async def _fetch(open_response: Open, part: Path, have: int) -> bool:
    """Appends what is missing; whether that was all."""
    async with await open_response({"Range": f"bytes={have}-"} if have else {}) as response:
        if response.status_code == BEYOND_ITS_END:  # it was there as a whole, or is another file
            length = response.headers.get("Content-Range", "").rpartition("/")[2]
            if length == str(have):
                return True
            await asyncio.to_thread(part.unlink)
            return False
        if response.is_error:
            await response.aread()
            raise refusal_of(response.status_code, _json(response))
        with await asyncio.to_thread(part.open, "ab" if response.status_code == PARTIAL else "wb") as file:
            async for chunk in response.aiter_bytes():
                await asyncio.to_thread(file.write, chunk)
    return True


def _json(response: httpx2.Response) -> object:
    try:
        return response.json()
    except ValueError:
        return None


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0
