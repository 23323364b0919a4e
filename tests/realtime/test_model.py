"""Whatever happens to connections, layer, database and time: every watcher receives every event once, and in order.

A state machine does to a real hub all that may happen in life, in any order: watchers come, read slowly or not at all,
vanish and return; the workflow goes on, here and in another process; the channel layer loses, doubles, delays and
reorders; the database takes its time. `ModelClient` asserts at each message that the server keeps its word.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import ClassVar

import pytest
from channels.layers import channel_layers
from django.contrib.auth.models import User
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pytest_django import Settings

from realtime import server
from realtime.rooms import workflow_room
from tests.realtime.deterministic_loop import DeterministicLoop, Found, StepwiseExecutor, Thread
from tests.realtime.model_client import ModelClient, StepwiseConnection
from tests.realtime.model_world import ModelWorld
from tests.workflows.sample_pipeline import SampleAgent
from workflows import attempts, claims, coordinator, progress, snapshots
from workflows.outcomes import Claim

VIEWERS = 3
HEARTBEAT = 30.0
ESTIMATES = (
    "progress",
    "message",
    "stage",
    "eta",
    "elapsed",
    "queue",
    "waiting_for",
)  # the layer may lose them: only the next ones replace them
# Small, so that every bound is met.
NUMBERS = {"OUTBOX_MESSAGES": 10, "REPLAY_EVENTS": 15, "HEARTBEAT_SECONDS": HEARTBEAT}
WAITS = QUICK, ANSWERS_LATE, READS_LATE = "quick", "answering late", "reading late"
places = st.integers(0, 1000)
anywhere = st.booleans()


class Life(RuleBasedStateMachine):
    """What may happen. `elsewhere`: in another process, of which only the channel layer tells."""

    world: ClassVar[ModelWorld]

    def __init__(self) -> None:
        super().__init__()
        self.waits = QUICK
        self.thread = Thread()
        self.database = StepwiseExecutor(self.thread)
        self.still = DeterministicLoop(self.world.clock, self._go_on)
        self.network, self.elsewhere = self.world.begin(self.database, self.still)
        self.workflow = self.thread.do(self.world.new_workflow)
        self.claims: list[Claim] = []
        self.viewers = [ModelClient(str(self.workflow.pk), self.world.token) for _ in range(VIEWERS)]
        self.connections: list[StepwiseConnection] = []
        self.ghosts: list[StepwiseConnection] = []

    @initialize(present=st.integers(0, VIEWERS), waits=st.sampled_from(WAITS))
    def begins(self, present: int, waits: str) -> None:
        """Some are there already."""
        for viewer in self.viewers[:present]:
            self._connect(viewer)
        self.the_database_is(waits)

    # --- watchers ---------------------------------------------------------------------------------

    @rule(place=places)
    def comes(self, place: int) -> None:
        """Somebody connects, or comes back, and subscribes to what they have not received."""
        if absent := [viewer for viewer in self.viewers if viewer.connection is None]:
            self._connect(absent[place % len(absent)])

    @precondition(lambda self: self.present)
    @rule(place=places, is_noticed=st.booleans())
    def vanishes(self, place: int, is_noticed: bool) -> None:
        """Somebody's connection is gone; the server may notice it only later."""
        self.ghosts.append(self._pick(place).vanish())
        if is_noticed:
            self.is_missed(-1)

    @precondition(lambda self: self.ghosts)
    @rule(place=places)
    def is_missed(self, place: int) -> None:
        """The server notices that somebody is gone."""
        self.still.do(self.ghosts.pop(place % len(self.ghosts)).disconnect)

    @precondition(lambda self: self.present)
    @rule(place=places)
    def reads_on_or_stops(self, place: int) -> None:
        """Somebody does not read for a while."""
        viewer = self._pick(place)
        viewer.is_reading = not viewer.is_reading
        self.still.pass_time(0)

    @precondition(lambda self: self.present)
    @rule(place=places)
    def subscribes_again(self, place: int) -> None:
        """Somebody enters the room, or subscribes to it once more."""
        self.still.do(self._pick(place).subscribe)

    @precondition(lambda self: self.present)
    @rule(place=places)
    def leaves(self, place: int) -> None:
        """Somebody leaves the room."""
        self.still.do(self._pick(place).unsubscribe)

    # --- the workflow -----------------------------------------------------------------------------

    @rule(elsewhere=anywhere)
    def a_task_is_begun(self, elsewhere: bool) -> None:
        """A runner claims a task."""
        if claim := self._work(lambda: claims.claim_next("life"), elsewhere):
            self.claims.append(claim)

    @precondition(lambda self: self.claims)
    @rule(elsewhere=anywhere, place=places, fraction=st.floats(0, 1))
    def progress_is_made(self, elsewhere: bool, place: int, fraction: float) -> None:
        """An agent reports."""
        claim = self.claims[place % len(self.claims)]
        report = partial(progress.report, str(self.workflow.pk), claim.task, fraction, "Working", attempt=claim.number)
        self._work(report, elsewhere)

    @precondition(lambda self: self.claims)
    @rule(elsewhere=anywhere, place=places)
    def a_task_is_done(self, elsewhere: bool, place: int) -> None:
        """An attempt comes to its end."""
        claim = self.claims.pop(place % len(self.claims))
        self._work(lambda: attempts.perform(claim), elsewhere)

    @rule(elsewhere=anywhere, action=st.sampled_from(["pause", "resume", "retry"]))
    def is_controlled(self, elsewhere: bool, action: str) -> None:
        """The owner pauses it, or lets it go on."""
        ask = {"workflow": self.workflow, "by": self.world.owner, "action": action}
        self._work(lambda: coordinator.control(**ask), elsewhere)  # type: ignore[arg-type]

    # --- the channel layer ------------------------------------------------------------------------

    @precondition(lambda self: self.network.under_way)
    @rule(place=places, again=st.booleans())
    def the_layer_delivers(self, place: int, again: bool) -> None:
        """A message arrives, not always in its turn; perhaps another copy of it will."""
        self.still.run(self.network.deliver(place % len(self.network.under_way), again=again))

    @precondition(lambda self: self.network.under_way)
    @rule(place=places)
    def the_layer_loses(self, place: int) -> None:
        """A message never arrives."""
        self.network.under_way.pop(place % len(self.network.under_way))

    @rule()
    def the_layer_forgets(self) -> None:
        """It was restarted: nobody is a member of anything."""
        channel_layers["default"].groups.clear()

    # --- the database -----------------------------------------------------------------------------

    @rule(waits=st.sampled_from(WAITS))
    def the_database_is(self, waits: str) -> None:
        """From now on its answers wait for the rules below; or its reading does, too; or nothing."""
        self.waits = waits
        self.still.pass_time(0)

    @precondition(lambda self: self.database.waiting)
    @rule(place=places)
    def the_database_reads(self, place: int) -> None:
        """What happens from now on is not in its answer."""
        self.still.do(lambda: self.database.execute(place % len(self.database.waiting)))

    @precondition(lambda self: self.database.executed)
    @rule(place=places)
    def the_database_answers(self, place: int) -> None:
        """An answer arrives."""
        self.still.do(lambda: self.database.deliver(place % len(self.database.executed)))

    # --- time -------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([0.01, 0.02, 0.1, 1.0, 6.0, HEARTBEAT]))
    def time_passes(self, seconds: float) -> None:
        """What has come is flushed; after a second all clients are looked after; then come heartbeats."""
        self.still.pass_time(seconds)

    # --- what holds -------------------------------------------------------------------------------

    @invariant()
    def nothing_broke(self) -> None:
        """No consumer ended with an exception, and none was written down."""
        for connection in self.connections:
            assert (
                not connection.consumer.done()
                or connection.consumer.cancelled()
                or connection.consumer.exception() is None
            )
        assert self.world.mishaps() == []

    def teardown(self) -> None:
        """It grows quiet; then everybody has everything."""
        try:
            if sys.exception() is None:
                self._grow_quiet()
                self._every_watcher_has_everything()
                self._the_room_has_no_ghosts()
                self.nothing_broke()
        finally:
            self._end()

    def _grow_quiet(self) -> None:
        self.the_database_is(QUICK)
        self.network.under_way.clear()  # lost, the last ones too
        for claim in self.claims:
            self._work(lambda claim=claim: attempts.perform(claim), elsewhere=True)  # type: ignore[misc]
        for _ in range(6):  # long enough to miss those who are silent
            for viewer in self.viewers:
                viewer.is_reading = True
                if viewer.connection is None:
                    self._connect(viewer)
                elif not viewer.is_in_the_room:
                    self.still.do(viewer.subscribe)
            self.still.pass_time(HEARTBEAT)

    def _every_watcher_has_everything(self) -> None:
        fresh = self._work(lambda: snapshots.workflow_snapshot(self.workflow))
        for viewer in self.viewers:
            snapshot = viewer.known()
            first = viewer.last - len(viewer.applied)
            assert viewer.applied == list(range(first + 1, fresh["seq"] + 1))
            assert {**snapshot, **dict.fromkeys(ESTIMATES)} == {**fresh, **dict.fromkeys(ESTIMATES)}

    def _the_room_has_no_ghosts(self) -> None:
        present = self.still.do(server.current)
        assert len(present.hub.watchers(workflow_room(str(self.workflow.pk)))) == VIEWERS
        assert len(present.hub.connected) == VIEWERS
        assert present.presence.watchers(str(self.workflow.pk)) == VIEWERS

    def _end(self) -> None:
        self.viewers, self.waits = [], QUICK
        for connection in self.connections:
            self.still.do(connection.disconnect)
        self.still.end(server.stop())
        self.thread.end(self.world.end)

    # --- how --------------------------------------------------------------------------------------

    @property
    def present(self) -> list[ModelClient]:
        """Those who are connected."""
        return [viewer for viewer in self.viewers if viewer.connection is not None]

    def _pick(self, place: int) -> ModelClient:
        return self.present[place % len(self.present)]

    def _connect(self, viewer: ModelClient) -> None:
        self.connections.append(self.still.do(viewer.connect))

    def _work(self, job: Callable[[], Found], elsewhere: bool = False) -> Found:
        """In a thread, as always; the signals of another process end there, and only its publisher sends."""
        self.world.is_elsewhere = elsewhere
        try:
            return self.still.do(lambda: self.thread.do(job))
        finally:
            self.world.is_elsewhere = False

    def _go_on(self) -> bool:
        """Clients that read read, and the database does what need not wait."""
        if any(viewer.read() for viewer in self.viewers):
            return True
        if self.database.waiting and self.waits != READS_LATE:
            self.database.execute(0)
        elif self.database.executed and self.waits == QUICK:
            self.database.deliver(0)
        else:
            return False
        return True


@pytest.fixture
def world(
    sample_agent: SampleAgent,
    alice: User,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[ModelWorld]:
    """A small one, whose time the test holds."""
    settings.REALTIME = {**settings.REALTIME, **NUMBERS, "MESSAGES_PER_MINUTE": 10**9, "CONNECTIONS_PER_USER": 10**9}
    former = channel_layers["default"]
    yield ModelWorld(alice, monkeypatch, caplog)
    channel_layers.set("default", former)


@pytest.mark.no_cover  # traced, its thousands of steps take twice as long; other tests take each of them
@pytest.mark.timeout(600)  # a minute; a failure is then made smaller
def test_whatever_happens_every_watcher_has_every_event_once_and_in_order(world: ModelWorld) -> None:
    Life.world = world
    health = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    lives = hypothesis_settings(
        max_examples=100,
        stateful_step_count=60,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=health,
    )
    run_state_machine_as_test(Life, settings=lives)


def lives(world: ModelWorld, present: int) -> Life:
    """A life in which the database takes its time."""
    Life.world = world
    life = Life()
    life.begins(present, QUICK)
    life.the_database_is(ANSWERS_LATE)
    return life


def test_what_happens_between_reading_and_receiving_is_not_missed(world: ModelWorld) -> None:
    life = lives(world, present=1)
    life.comes(0)
    life.a_task_is_begun(elsewhere=False)
    life.time_passes(0.1)
    life.the_database_answers(0)
    life.a_task_is_done(elsewhere=False, place=0)
    life.the_database_is(QUICK)
    life.teardown()


def test_of_two_who_come_at_once_the_one_with_the_older_answer_misses_nothing(world: ModelWorld) -> None:
    life = lives(world, present=0)
    life.comes(0)
    life.a_task_is_begun(elsewhere=True)
    life.comes(0)
    life.the_database_answers(1)
    life.a_task_is_done(elsewhere=False, place=0)
    life.the_database_is(QUICK)
    life.teardown()


def test_an_answer_from_before_an_event_does_not_mean_that_its_predecessors_are_lost(world: ModelWorld) -> None:
    life = lives(world, present=1)
    life.a_task_is_begun(elsewhere=True)
    for _ in range(2):
        life.time_passes(0.1)
        life.the_layer_loses(0)
        while life.network.under_way:
            life.the_layer_delivers(0, again=False)
        if life.claims:
            life.a_task_is_done(elsewhere=True, place=0)
    life.the_database_is(QUICK)
    life.nothing_broke()
    life.teardown()
