"""Whatever happens to runners and workflows: no task is done twice or forgotten, and every workflow comes to an end.

A state machine makes pipelines of its own and does to their workflows all that may happen, in any order: runners in two
processes claim, finish, fail, crash, and come back too late; owners pause, resume, cancel and retry. A small model knows
which attempts run; the invariants compare it with the database after each step.
"""

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
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
from msgspec import Struct

from agents import registry
from agents.contract import Agent, AgentError, Job, Outcome, typed_skill
from workflows import claims, coordinator, estimates, graph_cache, outcomes, pipelines, progress, recovery
from workflows.claims import FollowUp
from workflows.graph import NODE_COLUMNS, TaskGraph
from workflows.lifecycle import Action, PauseMode, TaskState
from workflows.models import Attempt, Task, Workflow
from workflows.outcomes import Claim
from workflows.pipelines.base import Each, Given, Item, Output, Outputs, Pipeline, Step

WORKFLOWS = 3
STEPS = 5
PROCESSES = 2
RUNNERS = 3
LONG_AGO = timezone.now().replace(year=2020)
places = st.integers(0, 1000)
processes = st.integers(0, PROCESSES - 1)


class Size(Struct):
    """What the pipelines start from: how many tasks each fan-out has."""

    width: int


class Taken(Struct):
    """What all steps take: what some other steps gave, or anything."""

    a: Any = None
    b: Any = None
    c: Any = None
    d: Any = None
    e: Any = None


class Made(Struct):
    """What all steps give."""

    items: list[int]


class Left(Agent):
    """One of two agents; neither is called: the machine says what they answer."""

    name = "left"
    description = "Works on the left."
    max_concurrent = 1
    skills = (typed_skill("left", "Left", "Works.", Taken, Made),)

    def perform(self, job: Job) -> Outcome:
        raise NotImplementedError


class Right(Left):
    """The other one."""

    name = "right"
    max_concurrent = 2
    skills = (typed_skill("right", "Right", "Works.", Taken, Made),)


CAPACITY = {agent.name: agent.max_concurrent for agent in (Left, Right)}


@st.composite
def made_pipelines(draw: st.DrawFn) -> Pipeline:
    """Any pipeline of up to STEPS steps, in which a step takes from some of the earlier ones and may fan out over one."""
    steps: list[Step] = []
    scopes: list[tuple[int, ...]] = []  # of each step: what it fans out over
    for number in range(draw(st.integers(1, STEPS))):
        over = draw(st.sampled_from([None, *(each for each in range(number) if len(scopes[each]) < 2)]))
        scope = (*scopes[over], over) if over is not None else ()
        takes: dict[str, Any] = {"e": Given("width")} if over is None else {"e": Item()}
        taken = draw(st.sets(st.integers(0, number - 1), max_size=3)) if number else set()
        for field, other in zip("abcd", sorted(taken), strict=False):
            is_around = scope[: len(scopes[other])] == scopes[other]
            takes[field] = Output(f"s{other}") if is_around else Outputs(f"s{other}")
        each = Each(f"s{over}", "items", expected=2) if over is not None else None
        skill = draw(st.sampled_from(["left", "right"]))
        stage = draw(st.sampled_from(["First", "Second"]))
        steps.append(Step(f"s{number}", stage=stage, skill=skill, takes=takes, seconds=1, each=each))
        scopes.append(scope)
    return Pipeline(
        name="made",
        title="Made",
        description="Made by chance.",
        stages=("First", "Second"),
        steps=tuple(steps),
        title_of=lambda _: "Made",
        takes=Size,
    )


class Life(RuleBasedStateMachine):
    """What may happen. A process has its own caches; a runner belongs to one process."""

    people: ClassVar[list[User]]

    def __init__(self) -> None:
        super().__init__()
        Workflow.objects.all().delete()
        estimates._known.clear()
        self.caches: list[tuple[Any, Any]] = [
            (type(graph_cache._graphs)(), type(progress._by_workflow)()) for _ in range(PROCESSES)
        ]
        self.width = 0
        self.workflows: list[Workflow] = []
        self.running: list[tuple[Claim, str]] = []  # with the runner
        self.dead: list[Claim] = []  # of crashed runners, not recovered yet
        self.late: list[Claim] = []  # whose outcome has been recorded
        self.done: set[tuple[str, str]] = set()
        self.furthest: dict[str, float] = {}

    @initialize(pipeline=made_pipelines(), width=st.integers(0, 3))
    def begins(self, pipeline: Pipeline, width: int) -> None:
        """There is a pipeline, and a workflow of it."""
        pipelines.register(pipeline)
        self.pipeline, self.width = pipeline, width
        self.a_workflow_is_started(0)

    # --- owners -----------------------------------------------------------------------------------

    @precondition(lambda self: len(self.workflows) < WORKFLOWS)
    @rule(owner=st.integers(0, 1))
    def a_workflow_is_started(self, owner: int) -> None:
        """By one of two people."""
        given = {"width": self.width}
        self.workflows.append(coordinator.create(pipeline="made", given=given, owner=self.people[owner]))

    @rule(place=places, process=processes, action=st.sampled_from(list(Action)), mode=st.sampled_from(list(PauseMode)))
    def is_controlled(self, place: int, process: int, action: Action, mode: PauseMode) -> None:
        """Its owner asks for something; a cancel is rarer, or little else would happen."""
        if action != Action.CANCEL or place % 4 == 0:
            self._control(self.workflows[place % len(self.workflows)], process, action, mode)

    def _control(self, workflow: Workflow, process: int, action: Action, mode: PauseMode = PauseMode.DRAIN) -> None:
        self._enter(process)
        asking = workflow.tasks.filter(state=TaskState.INPUT_REQUIRED).order_by("pk").values_list("key", flat=True)
        task = (asking.first() or "") if action == Action.ANSWER else ""
        coordinator.control(workflow=workflow, by=workflow.owner, action=action, mode=mode, task=task, answer="Red")

    # --- runners ----------------------------------------------------------------------------------

    @rule(runner=st.integers(0, RUNNERS - 1), skills=st.sampled_from([None, {"left"}, {"right"}]))
    def a_task_is_claimed(self, runner: int, skills: set[str] | None) -> None:
        """Only a task that is neither done nor being done."""
        self._enter(runner % PROCESSES)
        if claim := claims.claim_next(f"runner {runner}", skills):
            self._hold(claim, f"runner {runner}", skills)

    def _hold(self, claim: Claim, runner: str, skills: set[str] | None) -> None:
        held = [(other.workflow, other.task) for other in (*(each for each, _ in self.running), *self.dead)]
        assert (claim.workflow, claim.task) not in held
        assert (claim.workflow, claim.task) not in self.done
        assert skills is None or claim.skill in skills
        assert Workflow.objects.get(pk=claim.workflow).state == "running"
        self.running.append((claim, runner))

    @precondition(lambda self: self.running)
    @rule(place=places, fraction=st.floats(0, 1))
    def progress_is_made(self, place: int, fraction: float) -> None:
        """An agent reports, and the heartbeat saves it."""
        claim = self._enter_of(place)
        progress.report(claim.workflow, claim.task, fraction, "Working", attempt=claim.number)
        progress.save()

    @precondition(lambda self: self.running)
    @rule(place=places, skills=st.sampled_from([None, {"left"}, {"right"}]), goes_on=st.booleans())
    def a_task_is_done(self, place: int, skills: set[str] | None, goes_on: bool) -> None:
        """Its outcome counts, unless the workflow waits for nothing any more; its thread may claim the next in one go."""
        runner = self.running[place % len(self.running)][1]
        claim = self._end(place)
        self.done.add((claim.workflow, claim.task))
        follow_up = FollowUp(claim, runner, skills, threading.Event())
        if goes_on:
            follow_up.look()
        outcomes.completed(claim, self._outcome(), follow_up.take)
        if follow_up.claim:
            self._hold(follow_up.claim, runner, skills)

    @precondition(lambda self: self.running)
    @rule(place=places, is_retryable=st.booleans())
    def a_task_fails(self, place: int, is_retryable: bool) -> None:
        """To be tried again at once, or for good."""
        outcomes.failed(self._end(place), AgentError("It failed.", retryable=is_retryable))

    @precondition(lambda self: self.running)
    @rule(place=places, reason=st.sampled_from(["paused", "restart"]))
    def a_task_stops(self, place: int, reason: str) -> None:
        """It was asked to, or its server ends."""
        outcomes.interrupted(self._end(place), reason)

    @precondition(lambda self: self.running)
    @rule(place=places)
    def a_task_asks(self, place: int) -> None:
        """It waits for a person, and its agent is free."""
        outcomes.input_required(self._end(place), "Which colour?")

    @rule(process=processes)
    def nobody_answers_in_time(self, process: int) -> None:
        """What has asked has failed."""
        self._enter(process)
        Task.objects.filter(state=TaskState.INPUT_REQUIRED).update(answer_until=LONG_AGO)
        recovery.fail_unanswered()

    @rule(runner=st.integers(0, RUNNERS - 1))
    def a_runner_crashes(self, runner: int) -> None:
        """Its leases run out."""
        crashed = [claim for claim, name in self.running if name == f"runner {runner}"]
        self.running = [each for each in self.running if each[0] not in crashed]
        Attempt.objects.filter(pk__in=[claim.attempt for claim in crashed]).update(lease_until=LONG_AGO)
        self.dead += crashed

    @rule(process=processes)
    def what_was_lost_is_recovered(self, process: int) -> None:
        """By the heartbeat of any process."""
        self._enter(process)
        recovery.recover_lost()
        self.late += self.dead
        self.dead.clear()

    @precondition(lambda self: self.late)
    @rule(place=places, process=processes, is_success=st.booleans())
    def an_outcome_comes_too_late(self, place: int, process: int, is_success: bool) -> None:
        """It changes nothing."""
        claim = self.late.pop(place % len(self.late))
        self._enter(process)
        before = list(Task.objects.order_by("pk").values_list("pk", "state", "output"))
        outcomes.completed(claim, self._outcome()) if is_success else outcomes.failed(claim, AgentError("It failed."))
        assert list(Task.objects.order_by("pk").values_list("pk", "state", "output")) == before

    @rule(process=processes)
    def a_process_is_restarted(self, process: int) -> None:
        """It has no caches any more."""
        for cache in self.caches[process]:
            cache.clear()

    # --- what holds -------------------------------------------------------------------------------

    @invariant()
    def what_runs_is_what_runs(self) -> None:
        """No task runs twice, none that the model does not know, and no agent has more than it can do."""
        known = Counter(claim.attempt for claim in (*(each for each, _ in self.running), *self.dead))
        running = list(Attempt.objects.filter(state="running").select_related("task"))
        assert Counter(attempt.pk for attempt in running) == known
        assert max(Counter(attempt.task_id for attempt in running).values(), default=0) <= 1
        assert all(count <= CAPACITY[agent] for agent, count in Counter(each.agent for each in running).items())

    @invariant()
    def events_have_no_hole_and_progress_only_grows(self) -> None:
        """Numbers 1, 2, 3… up to the workflow's `last_seq`."""
        for workflow in Workflow.objects.all():
            numbers = list(workflow.events.order_by("seq").values_list("seq", flat=True))
            assert numbers == list(range(1, workflow.last_seq + 1))
            assert workflow.progress >= self.furthest.get(str(workflow.pk), 0.0)
            self.furthest[str(workflow.pk)] = workflow.progress

    @invariant()
    def what_is_done_stays_done(self) -> None:
        """Its output is there, from one attempt."""
        completed = Task.objects.filter(state="completed").exclude(output=None)
        rows = completed.values_list("workflow", "key")
        assert {(str(workflow), key) for workflow, key in rows} == self.done
        assert Attempt.objects.filter(state="completed").count() == len(self.done)

    @invariant()
    def what_is_remembered_is_what_is_stored(self) -> None:
        """Every graph in memory, brought up to date, is the one of the database."""
        for graphs, _ in self.caches:
            for workflow_id, graph in graphs.items():
                workflow = Workflow.objects.get(pk=workflow_id)
                graph.refresh(workflow)
                assert _states(graph) == _states(TaskGraph.load(workflow, self.pipeline))

    def teardown(self) -> None:
        """Everything is resumed and retried and nothing fails any more: then every workflow comes to its end."""
        try:
            if sys.exception() is None and self.workflows:
                self._come_to_an_end()
        finally:
            pipelines.unregister("made")

    def _come_to_an_end(self) -> None:
        for runner in range(RUNNERS):
            self.a_runner_crashes(runner)
        self.what_was_lost_is_recovered(0)
        for workflow in self.workflows:
            self._goes_on(workflow)
        for number in range(10_000):
            self.a_task_is_claimed(number % RUNNERS, None)
            if not self.running:
                break
            self.a_task_is_done(0, None, goes_on=number % 2 == 0)
        self.what_is_done_stays_done()
        for workflow in self.workflows:
            workflow.refresh_from_db()
            assert workflow.state in ("completed", "cancelled")
            if workflow.state == "completed":
                self._is_complete(workflow)

    def _goes_on(self, workflow: Workflow) -> None:
        for action in (Action.RESUME, Action.RETRY, Action.RESUME):
            self._control(workflow, 0, action)
        while workflow.tasks.filter(state=TaskState.INPUT_REQUIRED).exists():
            self._control(workflow, 0, Action.ANSWER)

    def _is_complete(self, workflow: Workflow) -> None:
        expected = {step.name: self.width ** len(self.pipeline.scope(step)) for step in self.pipeline.steps}
        counts = Counter(workflow.tasks.values_list("step", flat=True))
        assert counts == Counter(expected)
        assert set(workflow.tasks.values_list("state", flat=True)) == {"completed"}
        assert (workflow.progress, set(workflow.stages.values())) == (1.0, {"completed"})

    # --- how --------------------------------------------------------------------------------------

    def _enter(self, process: int) -> None:
        """What follows happens in this process."""
        graph_cache._graphs, progress._by_workflow = self.caches[process]

    def _enter_of(self, place: int) -> Claim:
        claim, runner = self.running[place % len(self.running)]
        self._enter(int(runner[-1]) % PROCESSES)
        return claim

    def _end(self, place: int) -> Claim:
        claim = self._enter_of(place)
        self.running = [each for each in self.running if each[0] is not claim]
        self.late.append(claim)
        return claim

    def _outcome(self) -> Outcome:
        return Outcome(Made(list(range(self.width))))


def _states(graph: TaskGraph) -> dict[str, Any]:
    return {node.key: [getattr(node, name) for name in NODE_COLUMNS if name != "attempt_count"] for node in graph.nodes}


@pytest.fixture
def people(transactional_db: None, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[User]]:
    """Two of them, and two agents whose failures count for nothing."""
    monkeypatch.setattr(outcomes, "FIRST_BACKOFF_SECONDS", 0.0)
    monkeypatch.setattr(graph_cache, "_graphs", graph_cache._graphs)
    monkeypatch.setattr(progress, "_by_workflow", progress._by_workflow)
    for name in ("call_started", "call_finished", "call_abandoned"):  # they would make the agents unhealthy
        monkeypatch.setattr(f"agents.metrics.{name}", lambda *_args, **_more: None)
    agents = [Left(), Right()]
    for agent in agents:
        registry.register(agent)
    registry.sync()
    yield [alice, bob]
    for agent in agents:
        registry.unregister(agent.name)


@pytest.mark.no_cover  # traced, its hundreds of steps take twice as long; other tests take each of them
def test_whatever_happens_no_task_is_done_twice_or_forgotten_and_every_workflow_ends(people: list[User]) -> None:
    Life.people = people
    health = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    lives = hypothesis_settings(
        max_examples=15,
        stateful_step_count=40,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=health,
    )
    run_state_machine_as_test(Life, settings=lives)
