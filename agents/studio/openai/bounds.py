"""How much of a provider's answer is read: no more than what was asked for can take, and nothing that unpacks to more."""

from collections.abc import AsyncIterator
from typing import Final

import httpx2
from openai import DefaultAsyncHttpxClient

MEGABYTE: Final = 1024 * 1024
MOST_BYTES: Final = 16 * MEGABYTE
MOST_BYTES_OF: Final = {
    "/images/generations": 64 * MEGABYTE,
    "/images/edits": 64 * MEGABYTE,
    "/content": 200 * MEGABYTE,
    "/audio/speech": 32 * MEGABYTE,
}


class AnswerRefused(Exception):
    """The provider's answer is not read; the message says why."""


def bounded_client(timeout_seconds: float) -> httpx2.AsyncClient:
    """The HTTP client of the official one, which follows no redirects. Raises AnswerRefused where it reads."""
    return DefaultAsyncHttpxClient(
        timeout=timeout_seconds,
        follow_redirects=False,
        headers={"Accept-Encoding": "identity"},
        event_hooks={"response": [_bound]},
    )


async def _bound(answer: httpx2.Response) -> None:
    """Before anything of the answer is read."""
    if answer.has_redirect_location:
        raise AnswerRefused("The AI provider sends us to another address. Check OPENAI_BASE_URL.")
    if answer.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise AnswerRefused("The AI provider sent a compressed answer, which was not asked for.")
    path = answer.request.url.path
    most = next((most for end, most in MOST_BYTES_OF.items() if path.endswith(end)), MOST_BYTES)
    if isinstance(answer.stream, httpx2.AsyncByteStream):
        answer.stream = _Bounded(answer.stream, most)


class _Bounded(httpx2.AsyncByteStream):
    """The bytes of an answer, as many as there may be."""

    def __init__(self, stream: httpx2.AsyncByteStream, most_bytes: int) -> None:
        self._stream = stream
        self._most_bytes = most_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > self._most_bytes:
                raise AnswerRefused(f"The AI provider's answer has more than {self._most_bytes:,} bytes.")
            yield chunk

    async def aclose(self) -> None:
        """Ends the connection, if the answer was not read to its end."""
        await self._stream.aclose()
