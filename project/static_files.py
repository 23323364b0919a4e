"""WhiteNoise without a thread for every request: as it comes, it is for synchronous stacks only.

With it as it comes, each long poll would hold one thread for as long as it waits.
"""

from collections.abc import Awaitable, Callable
from inspect import isawaitable, iscoroutinefunction
from typing import Any

from asgiref.sync import markcoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

GetResponse = Callable[[HttpRequest], Any]


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Answers with a static file where there is one; opening it is all that it does, which is quick."""

    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        super().__init__(get_response)
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """A response, or in an asynchronous stack one to be awaited."""
        answer: HttpResponseBase | Awaitable[HttpResponseBase] = super().__call__(request)
        return _awaited(answer) if self._is_async else answer


async def _awaited(answer: HttpResponseBase | Awaitable[HttpResponseBase]) -> HttpResponseBase:
    return await answer if isawaitable(answer) else answer
