"""The front end's page, and the health checks of this server."""

import asyncio
import secrets
from functools import cache

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from project import content_security
from realtime.fanout.layer import LAYER_SECONDS
from workflows import executions, liveness
from workflows.runners import local

NOT_BUILT = "The front end has not been built yet: run script/server, or script/setup."
NONCE_PLACEHOLDER = "%STYLE_NONCE%"  # as in frontend/vite.config.ts


@require_safe
@never_cache
def frontend(request: HttpRequest, **_: object) -> HttpResponse:
    """The front end's single page, for every path that its router handles."""
    page, nonce = _page(), secrets.token_urlsafe(16)
    response = HttpResponse(page.replace(NONCE_PLACEHOLDER, nonce) or NOT_BUILT, status=200 if page else 503)
    response[content_security.HEADER] = content_security.policy(request, style_nonce=nonce)
    return response


@cache
def _page() -> str:
    path = settings.FRONTEND_DIST / "index.html"
    return path.read_text() if path.is_file() else ""


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Liveness: the process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
async def readyz(_request: HttpRequest) -> JsonResponse:
    """Readiness: database, channel layer and runner work; else 503."""
    checks = {
        "database": await _database(),
        "channel_layer": await channel_layer_state(),
        "runner": await runner_state(),
    }
    is_ready = all(state == "ok" for state in checks.values())
    status = "ok" if is_ready else "unavailable"
    body = {"status": status, **checks, "stuck_threads": executions.stuck_threads()}
    return JsonResponse(body, status=200 if is_ready else 503)


async def _database() -> str:
    return await sync_to_async(_query)()


def _query() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return "ok"


async def channel_layer_state() -> str:
    """Sends a message to itself through the layer and waits for it."""
    layer = get_channel_layer()
    try:
        async with asyncio.timeout(LAYER_SECONDS):
            channel = await layer.new_channel("ready.")
            await layer.send(channel, {"type": "ready"})
            await layer.receive(channel)
    except Exception:  # noqa: BLE001 - any error means that the layer does not work
        return "unreachable"
    return "ok"


async def runner_state() -> str:
    """ "ok", or why nothing is being done.

    "stopped", "silent" or "stuck": the one of this process; "missing": there is none anywhere; "unknown": the database is away.
    """
    state = local.state() if settings.RUNNER == "local" else "waiting"
    return await sync_to_async(_any_runner)() if state == "waiting" else state


def _any_runner() -> str:
    try:
        return "ok" if liveness.live().exists() else "missing"
    except DatabaseError:
        return "unknown"
