"""WhiteNoise without a thread for every request: as it comes, it is for synchronous stacks only.

With it as it comes, each long poll would hold one thread for as long as it waits, and each file would be read in
another one, with a warning by Django.
"""

from collections.abc import Awaitable, Callable
from inspect import isawaitable, iscoroutinefunction
from typing import Any

from asgiref.sync import markcoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

GetResponse = Callable[[HttpRequest], Any]


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Answers with a static file where there is one. The files are small, and read in one go."""

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

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:  # noqa: ANN401 - ships no types
        """The file, packed where the browser can unpack it; 304 where the browser has it already."""
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file as file:
                content = file.read()
        response = HttpResponse(content, status=int(found.status))
        del response["Content-Type"]  # found.headers say it, where there is content
        for name, value in found.headers:
            response[name] = value
        return response


async def _awaited(answer: HttpResponseBase | Awaitable[HttpResponseBase]) -> HttpResponseBase:
    return await answer if isawaitable(answer) else answer
