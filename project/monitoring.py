"""/metrics for Prometheus, and who may read it."""

import hmac
from http import HTTPStatus
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from project.api_errors import error_body
from realtime.connection import authentication
from realtime.database import in_thread
from realtime.prometheus import render
from realtime.wire.errors import ProtocolError

WHO_MAY = (
    "Metrics are for whoever asks straight from the server's machine, for who sends the METRICS_TOKEN as "
    "`Authorization: Bearer …`, and for users with the permission agents.view_agent with their access token."
)
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")


@never_cache
@require_GET
async def metrics(request: HttpRequest) -> HttpResponse:
    """What this process has counted, as text."""
    if (status := await _verdict(request)) is not HTTPStatus.OK:
        error_type = "NotAuthenticated" if status is HTTPStatus.UNAUTHORIZED else "PermissionDenied"
        refusal = JsonResponse(error_body(error_type, WHO_MAY), status=status)
        if status is HTTPStatus.UNAUTHORIZED:
            refusal["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return refusal
    text, content_type = await render(request.headers.get("Accept", ""))
    return HttpResponse(text, content_type=content_type)


async def _verdict(request: HttpRequest) -> HTTPStatus:
    """OK, UNAUTHORIZED or FORBIDDEN."""
    if _is_from_this_machine(request):
        return HTTPStatus.OK
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        return HTTPStatus.UNAUTHORIZED
    if settings.METRICS_TOKEN and hmac.compare_digest(token.encode(), settings.METRICS_TOKEN.encode()):
        return HTTPStatus.OK
    try:
        return HTTPStatus.OK if await in_thread(_may_view_agents, token) else HTTPStatus.FORBIDDEN
    except ProtocolError:
        return HTTPStatus.UNAUTHORIZED


def _is_from_this_machine(request: HttpRequest) -> bool:
    """Straight, without a proxy in between: what a proxy passes on comes from this machine, too."""
    try:
        is_near = ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:  # a Unix socket has no address
        return False
    return is_near and not any(name in request.headers for name in FORWARDED)


def _may_view_agents(token: str) -> bool:
    """Raises: realtime.wire.errors.ProtocolError when the token is not good."""
    return authentication.identify(token).user().has_perm("agents.view_agent")
