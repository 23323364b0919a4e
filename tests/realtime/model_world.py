"""What each run of the model in `test_model.py` needs: small bounds, a clock, a layer, and a workflow."""

import logging
import time

import pytest
from channels.layers import InMemoryChannelLayer, channel_layers
from django.contrib.auth.models import User
from django.db import connection

from realtime import receivers
from realtime.fanout.publisher import Publisher
from tests.fixtures.clock import Clock
from tests.realtime.deterministic_loop import DeterministicLoop, Network, StepwiseExecutor
from tests.tokens import token_of
from workflows import coordinator
from workflows.models import Workflow

TEXT = "one two three four five six seven"
BOUNDS = {
    "realtime.fanout.room_feed.EARLY_EVENTS": 5,
    "realtime.fanout.room_feed.BATCH_MESSAGES": 4,
    "realtime.fanout.hub.EVENTS_PER_READ": 3,
    "realtime.fanout.publisher.INBOX_PUBLICATIONS": 12,
    "realtime.fanout.publisher.TURN_PUBLICATIONS": 3,
    "realtime.fanout.publisher.LAYER_PUBLICATIONS": 2,
}


class ModelWorld:
    """The world."""

    def __init__(self, owner: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
        self.owner = owner
        self.token = token_of(owner)
        self.clock = Clock()
        self.is_elsewhere = False
        self._here = receivers._publisher
        self._elsewhere: Publisher | None = None
        self._patch, self._caplog = monkeypatch, caplog
        monkeypatch.setattr(time, "monotonic", self.clock.now)
        monkeypatch.setattr(receivers, "_publisher", self._publisher)
        for bound, most in BOUNDS.items():
            monkeypatch.setattr(bound, most)

    def begin(self, database: StepwiseExecutor, still: DeterministicLoop) -> tuple[Network, Publisher]:
        """A life with its own layer, which another process shares."""
        self._patch.setattr("realtime.database.THREADS", database)
        layer = InMemoryChannelLayer(capacity=10)
        channel_layers.set("default", layer)
        network = Network(layer)
        self._elsewhere = Publisher(still.loop, network, sender=lambda: "elsewhere")
        self._caplog.clear()
        return network, self._elsewhere

    def new_workflow(self) -> Workflow:
        """One without watchers."""
        return coordinator.create(pipeline="telegram", given={"text": TEXT}, owner=self.owner)

    def mishaps(self) -> list[str]:
        """What was written down as an error."""
        return [record.getMessage() for record in self._caplog.records if record.levelno >= logging.ERROR]

    def end(self) -> None:
        """Nothing is left."""
        Workflow.objects.all().delete()
        connection.close()

    def _publisher(self) -> Publisher | None:
        return self._elsewhere if self.is_elsewhere else self._here()
