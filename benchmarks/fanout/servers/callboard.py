"""Callboard itself: the real application with its authentication, limits and seq, as script/server serves it.

SERVER=uvicorn or daphne; PUBLISHER=thread (as the coordinator publishes, from the threads of its runner) or loop.
"""

import asyncio
import os
from datetime import timedelta
from types import ModuleType
from uuid import uuid4

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope

from benchmarks.fanout.publisher import Json, Publisher

USERS = 150  # at most 20 connections each


def main() -> None:
    """Prepares the database, and serves."""
    from script import prepare, serve  # noqa: PLC0415 - Django's settings come from the environment

    prepare.load_settings()
    prepare.prepare()
    publisher = Publisher(publish, create_rooms)
    if os.environ.get("PUBLISHER") == "loop":
        publish_from_the_loop(serve, publisher)
    else:
        publisher.run_in_thread()
    if os.environ.get("SERVER") == "daphne":
        serve_with_daphne()
    else:
        serve.serve(serve.listen("127.0.0.1", int(os.environ["PORT"])))


def publish_from_the_loop(serve: ModuleType, publisher: Publisher) -> None:
    """Publishes from the server's own event loop; everything else is as script/server has it."""
    as_configured = serve.configuration
    serve.configuration = lambda application: as_configured(publishing(application, publisher))  # type: ignore[attr-defined]


def publishing(application: ASGI3Application, publisher: Publisher) -> ASGI3Application:
    """The application, with a publisher that starts in its event loop."""
    publishers = []

    async def with_publisher(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "lifespan":
            publishers.append(asyncio.create_task(publisher.run()))
        await application(scope, receive, send)

    return with_publisher


def serve_with_daphne() -> None:
    """As manage.py runserver does, without its reloader."""
    from daphne.server import Server  # noqa: PLC0415 - takes the process's reactor

    from project.asgi import application  # noqa: PLC0415

    Server(application=application, endpoints=[f"tcp:port={os.environ['PORT']}:interface=127.0.0.1"]).run()


async def publish(room: str, message: Json) -> None:
    """Sends the signals that the coordinator sends after commit."""
    from workflows.signals import event_recorded, progress_reported  # noqa: PLC0415

    signal = event_recorded if message["type"] == "event" else progress_reported
    signal.send_robust(sender=None, workflow_id=room, message=message)


def create_rooms(rooms: list[str]) -> Json:
    """Creates workflows with these ids; returns access tokens of many users who may watch them."""
    from django.contrib.auth.models import User  # noqa: PLC0415

    from workflows.models import Workflow  # noqa: PLC0415

    if not User.objects.filter(username="watcher-0").exists():
        names = [f"watcher-{number}" for number in range(USERS)]
        User.objects.bulk_create(User(username=name, is_superuser=True, password="!") for name in names)
    users = list(User.objects.filter(username__startswith="watcher-"))
    known = {str(pk) for pk in Workflow.objects.filter(pk__in=rooms[:1]).values_list("pk", flat=True)}
    if not known:
        about = {"pipeline": "idea2video", "title": "Fan-out", "input": {}, "state": "paused"}
        Workflow.objects.bulk_create(Workflow(pk=room, owner=users[0], **about) for room in rooms)
    return {"tokens": [token_of(user.pk) for user in users]}


def token_of(user_id: int) -> str:
    """An access token like those that signing in returns."""
    from rest_framework_simplejwt.tokens import AccessToken  # noqa: PLC0415

    from accounts.logins import LOGIN_CLAIM  # noqa: PLC0415

    token = AccessToken()
    token["user_id"] = str(user_id)
    token[LOGIN_CLAIM] = uuid4().hex
    token.set_exp(lifetime=timedelta(hours=1))
    return str(token)


if __name__ == "__main__":
    main()
