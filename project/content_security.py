"""The Content-Security-Policy of every page: scripts and styles come from this server, and none stands in a page.

The pages connect to nothing but this host; the socket is named, because not every browser counts it to 'self'. The front end's component library adds style elements while it runs: they carry a nonce, which is new for each page.
"""

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any

from asgiref.sync import markcoroutinefunction
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBase

HEADER = "Content-Security-Policy"


def policy(request: HttpRequest, *, style_nonce: str = "", frame_ancestors: str = "'none'") -> str:
    """The value of the header. `frame_ancestors`: the origins whose pages may show this one in a frame."""
    styles = f"'self' 'nonce-{style_nonce}'" if style_nonce else "'self'"
    return (
        f"default-src 'self'; script-src 'self'; style-src {styles}; img-src 'self' data: blob:; "
        "media-src 'self' blob:; font-src 'self'; "
        f"connect-src 'self'{_sockets(request)}; object-src 'none'; "
        f"frame-ancestors {frame_ancestors}; base-uri 'none'; form-action 'self'"
    )


def _sockets(request: HttpRequest) -> str:
    """The sockets of the host that the browser asked, as a source of the policy; nothing for a host that is not ours."""
    try:
        host = request.get_host()
    except DisallowedHost:
        return ""
    return f" wss://{host}" if request.is_secure() else f" ws://{host} wss://{host}"


class ContentSecurityPolicy:
    """Middleware that gives the policy to every page that has none of its own."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self._get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """A response; in an asynchronous stack an awaitable of one."""
        return self._awaited(request) if self._is_async else _with_policy(request, self._get_response(request))

    async def _awaited(self, request: HttpRequest) -> HttpResponseBase:
        return _with_policy(request, await self._get_response(request))


def _with_policy(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if response.get("Content-Type", "").startswith("text/html"):
        response.headers.setdefault(HEADER, policy(request))
    return response
