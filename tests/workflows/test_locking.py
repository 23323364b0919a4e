"""The lock on a workflow: what is sent after commits goes out in the order of the events."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections

from tests.waiting import TIMEOUT_SECONDS
from workflows import coordinator, locking
from workflows.models import Workflow
from workflows.signals import event_recorded


class ObservedLock:
    """A reentrant lock that sets `contended` when a thread has to wait for it."""

    def __init__(self, contended: threading.Event) -> None:
        self._lock = threading.RLock()
        self._contended = contended

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            self._contended.set()
            self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def test_a_thread_sends_its_events_only_after_those_that_another_thread_committed_before(
    sample_workflow: Workflow, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    may_go_on = threading.Event()  # the other thread waits for the lock, or has sent an event in spite of it

    class Threading:
        @staticmethod
        def RLock() -> ObservedLock:  # noqa: N802 - stands for threading.RLock
            return ObservedLock(may_go_on)

    def resume() -> None:
        coordinator.control(workflow=sample_workflow, by=alice, action="resume")
        connections.close_all()

    other = threading.Thread(target=resume)

    def listen(message: dict[str, Any], **_: object) -> None:
        is_first = other.ident is None
        if is_first:
            other.start()
            assert may_go_on.wait(TIMEOUT_SECONDS)
        sent.append(message["seq"])
        if not is_first:
            may_go_on.set()

    monkeypatch.setattr(locking, "threading", Threading)
    event_recorded.connect(listen)
    coordinator.control(workflow=sample_workflow, by=alice, action="pause")
    other.join(TIMEOUT_SECONDS)
    event_recorded.disconnect(listen)
    assert len(sent) == sample_workflow.events.count()
    assert sent == sorted(sent)
