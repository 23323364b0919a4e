"""Receivers of the signals of workflows and agents: turn what became true (after commit) into publications.

Receivers are called from any thread, in the middle of other work: they hand over, return, and never raise. A process
that serves sockets publishes through its realtime server. A worker or a command has a background publisher, if the
channel layer reaches other processes; with the in-memory layer there is nothing to publish to.
"""

import asyncio
import atexit
import logging
import os
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, Final, TypeVar

from channels.layers import get_channel_layer
from django.dispatch import receiver

from accounts.signals import login_ended
from agents.signals import agent_status_changed
from realtime import server
from realtime.fanout.layer import reaches_others
from realtime.fanout.lists import Hints
from realtime.fanout.publication import (
    Publication,
    agent_publication,
    changed_publication,
    event_publication,
    metrics_publication,
    progress_publication,
    unlisted_publication,
)
from realtime.fanout.publisher import Publisher
from realtime.rooms import list_rooms, room_of, workflow_room
from realtime.wire.batch import Batch
from workflows.signals import (
    coordinator_metrics_changed,
    event_recorded,
    news_wanted,
    progress_reported,
    watchers_asked,
    workflow_deleted,
)

log = logging.getLogger(__name__)

FLUSH_SECONDS: Final = 2.0  # when the process ends

Json = dict[str, Any]
Given = TypeVar("Given")


@receiver(event_recorded)
def _on_event(message: Json, **_: Any) -> None:
    _publish(event_publication, message)
    _hint(message)


@receiver(progress_reported)
def _on_progress(message: Json, **_: Any) -> None:
    _publish(progress_publication, message)
    _hint(message)


@receiver(workflow_deleted)
def _on_deleted(workflow_id: str, owner_id: int, **_: Any) -> None:
    _publish(partial(unlisted_publication, list_rooms(owner_id)), workflow_id)
    _publish(partial(unlisted_publication, (workflow_room(workflow_id),)), workflow_id)


_hints = Hints()


def _hint(message: Json) -> None:
    workflow_id = message.get("workflow_id", "")
    if workflow_id and _hints.is_due(workflow_id):
        _publish(changed_publication, workflow_id)


@receiver(coordinator_metrics_changed)
def _on_metrics(message: Json, **_: Any) -> None:
    _publish(metrics_publication, message)


@receiver(agent_status_changed)
def _on_agent_status(body: Json, **_: Any) -> None:
    _publish(agent_publication, body)


@receiver(watchers_asked)
def _on_watchers_asked(workflow_id: str, **_: Any) -> int:
    serving = server.running()
    return serving.presence.watchers(workflow_id) if serving else 0


@receiver(news_wanted)
async def _on_news_wanted(workflow_id: str, seq: int, on_news: Callable[[], None], **_: Any) -> Callable[[], None]:
    hub, room, listener = server.current().hub, room_of("workflow", workflow_id), Listener(on_news)
    await hub.join(listener, room)
    await hub.activate(listener, room, seq)
    return partial(hub.leave_all, listener)


@receiver(login_ended)
def _on_login_ended(login: str, **_: Any) -> None:
    """Closes every socket of this login, in all processes. That none opens again is kept in the database."""
    if serving := server.running():
        serving.hub.loop.call_soon_threadsafe(serving.hub.end_login, login)
    if publisher := _publisher():
        publisher.publish({"type": "login.ended", "login": login})


class Listener:
    """A watcher that only wants to know that there is news."""

    def __init__(self, on_news: Callable[[], None]) -> None:
        self._on_news = on_news

    def receive(self, _batch: Batch) -> None:
        """Says so."""
        self._on_news()


def _publish(wrap: Callable[[Given], Publication], message: Given) -> None:
    try:
        if publisher := _publisher():
            publisher.publish(wrap(message))
    except Exception:
        log.exception("A message could not be published.")


def _publisher() -> Publisher | None:
    if serving := server.running():
        return serving.publisher
    return BackgroundPublisher.of_this_process().publisher if reaches_others(get_channel_layer()) else None


class BackgroundPublisher:
    """Publishes from one loop in one thread, for a process that serves no sockets: a worker, a management command."""

    current: "ClassVar[BackgroundPublisher | None]" = None
    _guard: ClassVar = threading.Lock()

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.loop = asyncio.new_event_loop()
        self.publisher = Publisher(self.loop, get_channel_layer())
        self.thread = threading.Thread(target=self.loop.run_forever, name="realtime-publisher", daemon=True)
        self.thread.start()
        atexit.register(self.close)

    @classmethod
    def of_this_process(cls) -> "BackgroundPublisher":
        """The one of this process, made when it is first needed. A forked child needs its own: it inherits no threads."""
        with cls._guard:
            if cls.current is None or cls.current.pid != os.getpid():
                cls.current = cls()
            return cls.current

    def close(self) -> None:
        """Waits FLUSH_SECONDS at most until everything was published, and ends the thread."""
        atexit.unregister(self.close)
        if self.pid != os.getpid():  # a fork has the object, but not the thread
            return
        try:
            asyncio.run_coroutine_threadsafe(self.publisher.flush(), self.loop).result(FLUSH_SECONDS)
        except TimeoutError:
            log.warning("The channel layer did not take the last messages in time.")
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(FLUSH_SECONDS)
        self.loop.close()
