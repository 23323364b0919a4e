"""Where sockets are answered. No session middleware: it would wrap every send, and there is no session."""

from typing import Any

from channels.routing import URLRouter
from django.urls import re_path

from realtime.consumers import Receive, Send, SocketConsumer

consumer = SocketConsumer.as_asgi()


async def refuse(_scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Nothing is here: HTTP 403, as there is nobody to speak to."""
    await receive()
    await send({"type": "websocket.close"})


socket_application = URLRouter(
    [
        re_path(r"^ws/?$", consumer),
        re_path(r"^ws/workflow/(?P<id>[^/]+)/?$", consumer, {"target": "workflow"}),
        re_path(r"^ws/agent/(?P<id>[^/]+)/?$", consumer, {"target": "agent"}),
        re_path(r"^ws/coordinator/?$", consumer, {"target": "coordinator"}),
        re_path(r"", refuse),  # type: ignore[arg-type]
    ]
)
