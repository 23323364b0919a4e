"""The paths of sockets and long polls.

No session middleware for sockets: it would wrap every send, and there is no session. Long polls do not pass through
Django: its handler would hold a thread for each of them.
"""

from typing import Any

from channels.routing import URLRouter
from django.urls import re_path

from realtime.consumers import Receive, Send, SocketConsumer
from realtime.polling import events

consumer = SocketConsumer.as_asgi()


async def refuse(_scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """There is no socket at this path: HTTP 403, before the handshake is accepted."""
    await receive()
    await send({"type": "websocket.close"})


socket_application = URLRouter(
    [
        re_path(r"^ws/?$", consumer),
        re_path(r"^ws/workflow/(?P<id>[^/]+)/?$", consumer, {"target": "workflow"}),
        re_path(r"^ws/workflows/?$", consumer, {"target": "workflows"}),
        re_path(r"^ws/agent/(?P<id>[^/]+)/?$", consumer, {"target": "agent"}),
        re_path(r"^ws/coordinator/?$", consumer, {"target": "coordinator"}),
        re_path(r"", refuse),  # type: ignore[arg-type]
    ]
)

http_routes = [re_path(r"^api/workflows/(?P<workflow_id>[^/]+)/events/?$", events)]  # type: ignore[arg-type]
