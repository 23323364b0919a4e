"""WhiteNoise as asynchronous middleware. The original is synchronous only.

Under ASGI the original would hold a thread for as long as a long poll waits, and read each file in another thread,
with a warning by Django.
"""

from collections.abc import Awaitable, Callable
from inspect import isawaitable, iscoroutinefunction
from typing import Any

from asgiref.sync import markcoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

GetResponse = Callable[[HttpRequest], Any]


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Serves a static file if the path is one; else calls the next middleware. Files are small and read whole."""

    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        super().__init__(get_response)
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """A response; in an asynchronous stack an awaitable of one."""
        answer: HttpResponseBase | Awaitable[HttpResponseBase] = super().__call__(request)
        return _awaited(answer) if self._is_async else answer

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:  # noqa: ANN401 - ships no types
        """The file, compressed if the browser accepts it; 304 if the browser has it already."""
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file as file:
                content = file.read()
        response = HttpResponse(content, status=int(found.status))
        del response["Content-Type"]  # it is in found.headers when there is content
        for name, value in found.headers:
            response[name] = value
        return response


async def _awaited(answer: HttpResponseBase | Awaitable[HttpResponseBase]) -> HttpResponseBase:
    return await answer if isawaitable(answer) else answer
