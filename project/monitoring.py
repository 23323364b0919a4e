"""/metrics for Prometheus, with its access control."""

import hmac
from http import HTTPStatus
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents.errors import CallboardError, PermissionDenied
from realtime.connection import authentication
from realtime.database import in_thread
from realtime.prometheus import render
from realtime.wire.errors import NotAuthenticated

ACCESS_RULES = (
    "Metrics need one of: a request straight from the server's machine, the METRICS_TOKEN as `Authorization: Bearer …`, "
    "or the access token of a user with the permission agents.view_agent."
)
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")


@never_cache
@require_GET
async def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics of this process, in the format that the Accept header asks for."""
    if (status := await _access_status(request)) is not HTTPStatus.OK:
        error = NotAuthenticated(ACCESS_RULES) if status is HTTPStatus.UNAUTHORIZED else PermissionDenied(ACCESS_RULES)
        refusal = JsonResponse(error.body(), status=error.http_status)
        if status is HTTPStatus.UNAUTHORIZED:
            refusal["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return refusal
    text, content_type = await render(request.headers.get("Accept", ""))
    return HttpResponse(text, content_type=content_type)


async def _access_status(request: HttpRequest) -> HTTPStatus:
    """OK, UNAUTHORIZED or FORBIDDEN for this request."""
    if _is_local(request):
        return HTTPStatus.OK
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        return HTTPStatus.UNAUTHORIZED
    if settings.METRICS_TOKEN and hmac.compare_digest(token.encode(), settings.METRICS_TOKEN.encode()):
        return HTTPStatus.OK
    try:
        return HTTPStatus.OK if await in_thread(_may_view_agents, token) else HTTPStatus.FORBIDDEN
    except CallboardError:
        return HTTPStatus.UNAUTHORIZED


def _is_local(request: HttpRequest) -> bool:
    """Whether it comes from this machine and not through a reverse proxy on it, which is local too."""
    try:
        is_loopback = ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:  # a Unix socket has no address
        return False
    return is_loopback and not any(name in request.headers for name in FORWARDED)


def _may_view_agents(token: str) -> bool:
    """Whether the token's user may view agents.

    Raises: agents.errors.CallboardError when the token is not valid.
    """
    return authentication.identify(token).user().has_perm("agents.view_agent")
