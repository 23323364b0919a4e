"""The ASGI application: HTTP to Django, sockets and long polls to realtime, A2A to its door. With RUNNER=local it starts the runner."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()  # sets Django up; what follows needs it

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import re_path

from project.request_bodies import RequestBodies
from project.requests import RequestIds
from project.servers import Lifespan, ServerQuirks
from realtime.routing import http_routes, socket_application
from workflows.a2a.routes import application as a2a_application
from workflows.runners import heartbeat, local

application = ServerQuirks(
    RequestIds(
        ProtocolTypeRouter(
            {
                "http": RequestBodies(
                    URLRouter(
                        [
                            *http_routes,
                            re_path(r"^(a2a(/|$)|\.well-known/agent-card\.json$)", a2a_application),  # type: ignore[arg-type]
                            re_path(r"", django_application),  # type: ignore[arg-type]
                        ]
                    )
                ),
                "websocket": socket_application,
                "lifespan": Lifespan(),
            }
        )
    )
)

# Only servers import this module. The runner starts here, because daphne does not support lifespan.
if settings.RUNNER == "local":
    local.start()
else:
    heartbeat.announce_metrics()
