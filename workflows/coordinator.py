"""Creates, reruns, advances, pauses, resumes, cancels and retries workflows. With `claims` and `outcomes`, the only writer.

Every command is one transaction that holds the lock on the workflow: the decision, the changes, and the events that
record them. `advance` is idempotent: it brings tasks, stages and state in line with each other.
"""

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from agents import registry
from agents.errors import PermissionDenied
from agents.timestamps import iso_timestamp
from workflows import access, events, graph_cache, pipelines, progress, quotas, reruns, statements
from workflows.bodies import ANSWER_LENGTH, ErrorBody
from workflows.errors import CrewNotReady, InvalidControl, InvalidInput, PipelineBroken, WorkflowBroken
from workflows.events import record
from workflows.graph import Node, TaskGraph, first_tasks
from workflows.graph_cache import graph_of
from workflows.lifecycle import (
    LEAVING_OFF,
    SLOW_START_FIRST,
    UNFINISHED_TASKS,
    Action,
    AttemptState,
    ControlDecision,
    PauseMode,
    TaskState,
    WorkflowState,
    can_transition,
    decide_control,
)
from workflows.locking import ADVANCED_COLUMNS, locked_workflow
from workflows.models import Attempt, Control, Task, Workflow
from workflows.pipelines import inputs
from workflows.pipelines.base import Pipeline
from workflows.signals import stop_requested, work_became_ready

log = logging.getLogger(__name__)

REQUEST_ID_LENGTH = 100
WHY_LENGTH = 500
RESULT_COLUMNS = ["outcome", "resolved_state", "resolved_seq", "resolved_reason", "resolved_at"]  # of a Control


# --- creating -------------------------------------------------------------------------------------


def create(
    *,
    pipeline: str,
    given: object,
    owner: User,
    workflow_id: UUID | None = None,
    beside: Callable[[Workflow], object] = lambda _workflow: None,
) -> Workflow:
    """A new pending workflow; a runner starts it as soon as it has a free thread. `given` is decoded JSON.

    `workflow_id` is for who had to know it before; `beside` writes what belongs to it, in the same transaction.
    Raises: UnknownPipeline, InvalidInput, CrewNotReady, TooManyWorkflows, StorageLimitExceeded.
    """
    recipe = pipelines.get(pipeline)
    checked = inputs.checked(recipe, given)
    _check_crew(recipe)
    workflow = _new_workflow(recipe, checked, owner)
    workflow.pk = workflow_id or workflow.pk
    with transaction.atomic():
        quotas.check_new_workflow(owner, pipeline)
        workflow.save(force_insert=True)
        Task.objects.bulk_create(first_tasks(workflow, recipe))
        beside(workflow)
        with transition(workflow.pk) as created:
            return created


def _check_crew(recipe: Pipeline) -> None:
    """Raises CrewNotReady."""
    if problem := pipelines.problem_of(recipe):
        raise CrewNotReady(problem)
    if lacking := registry.missing_for({step.skill for step in recipe.steps}):
        raise CrewNotReady(" ".join(lacking))


def _new_workflow(recipe: Pipeline, checked: msgspec.Struct | inputs.Json, owner: User) -> Workflow:
    """A workflow without tasks that is not saved yet."""
    return Workflow(
        pipeline=recipe.name,
        title=recipe.title_of(checked),
        owner=owner,
        input=msgspec.to_builtins(checked),
        stages=dict.fromkeys(recipe.stages, TaskState.PENDING.value),
        message="Waiting for its turn",
    )


def rerun(*, workflow: Workflow, by: User, from_task: str, given: object = None) -> Workflow:
    """A new pending workflow of `by` that does the task `from_task`, and what depends on it, again; all else is reused.

    `given` is the new input, decoded JSON; None: the same. What the earlier workflow has not completed is done, too.
    Raises: PermissionDenied, TargetNotFound, InvalidInput, UnknownPipeline, CrewNotReady, TooManyWorkflows.
    """
    if not access.may_control(by, workflow):
        raise PermissionDenied("You may watch this workflow, but not run it again.")
    recipe = pipelines.get(workflow.pipeline)
    checked = inputs.checked(recipe, workflow.input if given is None else given)
    _check_crew(recipe)
    new = _new_workflow(recipe, checked, by)
    with transaction.atomic():
        quotas.check_new_workflow(by, recipe.name)
        # Locked until the copies are committed, so that the files that they share cannot be deleted meanwhile.
        with locked_workflow(workflow.pk) as source:
            graph = _graph_to_rerun(source, recipe)
            redone = reruns.depending_on(graph, from_task)
            changed = {name for name, value in new.input.items() if source.input.get(name) != value}
            reruns.check_input(recipe, graph, redone, changed)
            new.rerun_of, new.rerun_from = source, from_task
            new.save(force_insert=True)
            reruns.copy(source, new, graph, redone)
        with transition(new.pk) as created:
            return created


def _graph_to_rerun(source: Workflow, recipe: Pipeline) -> TaskGraph:
    try:
        return TaskGraph.load(source, recipe)
    except PipelineBroken:
        message = f"{recipe.name} has changed since: start a new workflow instead."
        raise InvalidInput(message, fields={"from": message}) from None


# --- transitions ------------------------------------------------------------------------------------


@contextmanager
def transition(workflow_id: UUID | str) -> Iterator[Workflow]:
    """A transaction that changes one workflow: yields it locked, and in the end calls `advance` and writes the events.

    So what follows from the change (tasks that became ready, stages and states) is part of the same transaction.
    On an error everything is rolled back, in memory too.
    Raises: TargetNotFound.
    """
    try:
        with locked_workflow(workflow_id) as workflow:
            yield workflow
            advance(workflow)
            _write(workflow)
    except BaseException:
        progress.forget(str(workflow_id))
        graph_cache.forget(str(workflow_id))
        raise


def _write(workflow: Workflow) -> None:
    """Writes what the transition has changed in memory. After commit go out: the events, then the progress, then hints."""
    events.write(workflow)
    _write_columns(workflow)
    graph_cache.keep(workflow)
    transaction.on_commit(partial(progress.announce, str(workflow.pk)))
    if workflow.has_new_work or workflow.frees_agent:
        whose = "" if workflow.frees_agent else str(workflow.pk)
        transaction.on_commit(partial(work_became_ready.send_robust, sender=Workflow, workflow_id=whose))


def _write_columns(workflow: Workflow) -> None:
    """Writes the columns that differ from those that were read."""
    columns = {name: value for name in ADVANCED_COLUMNS if (value := getattr(workflow, name)) != workflow.read[name]}
    if columns:
        statements.update(Workflow, {"pk": workflow.pk}, columns)


def advance(workflow: Workflow) -> None:
    """Brings tasks, stages and state in line with each other. Idempotent; to be called only inside `transition`.

    `follow_up` is called in between: when it is known which tasks are ready, and before the workflow may end.
    A workflow that cannot be advanced fails; it must not stop the others by being tried again and again.
    """
    try:
        _advance(workflow, graph_of(workflow))
    except WorkflowBroken as error:
        _end_broken(workflow, error)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        log.exception("A workflow cannot be advanced.", extra={"workflow": str(workflow.pk)})
        _end_broken(workflow, WorkflowBroken(f"Its rows are damaged, or of another version ({type(error).__name__})."))


def _advance(workflow: Workflow, graph: TaskGraph) -> None:
    if unblocked := graph.unblocked():
        _set_ready(workflow, graph, unblocked)
    _finish_stages(workflow, graph)
    if workflow.follow_up:
        workflow.follow_up(workflow)
    _update_state(workflow, graph)
    progress.update(workflow, graph)


ROWS_AT_ONCE = 1_000  # SQLite has a limit for the parameters of a query


def _set_ready(workflow: Workflow, graph: TaskGraph, unblocked: list[Node]) -> None:
    for start in range(0, len(unblocked), ROWS_AT_ONCE):
        rows = Task.objects.filter(pk__in=[node.pk for node in unblocked[start : start + ROWS_AT_ONCE]])
        rows.update(state=TaskState.READY, changed_seq=workflow.first_new_seq)
    for node in unblocked:
        graph.set_state(node, TaskState.READY)
    workflow.has_new_work = True


def set_task(workflow: Workflow, key: str, state: TaskState, **columns: Any) -> None:
    """Sets the state of a task, and other columns. To be called only inside `transition`."""
    changed = {"state": state, "changed_seq": workflow.first_new_seq, **columns}
    statements.update(Task, {"workflow": workflow.pk, "key": key}, changed)
    workflow.has_new_work |= state == TaskState.READY
    with suppress(WorkflowBroken):  # `advance` will say so
        graph = graph_of(workflow)
        graph.set_state(graph.by_key[key], state, columns.get("not_before"))


def _end_broken(workflow: Workflow, error: WorkflowBroken) -> None:
    """Ends a workflow that this version cannot go on with, as soon as nothing of it runs."""
    if _running_attempts(workflow).exists():
        return
    if not isinstance(workflow.stages, dict):
        workflow.stages = {}
    match WorkflowState(workflow.state):
        case WorkflowState.CANCELLING:
            _set_cancelled(workflow)
        case WorkflowState.PENDING | WorkflowState.RUNNING | WorkflowState.PAUSING:
            _end_failed(workflow, ErrorBody(type=error.error_type, message=error.message))
            resolve(workflow, Action.PAUSE, "superseded", "It failed before it could pause.")
        case _:
            return
    workflow.message = error.message[: progress.MESSAGE_LENGTH]


def _finish_stages(workflow: Workflow, graph: TaskGraph) -> None:
    for stage, state in workflow.stages.items():
        if state in UNFINISHED_TASKS and graph.is_over(stage):  # one without tasks never runs
            set_stage(workflow, stage, TaskState.COMPLETED)


def set_stage(workflow: Workflow, stage: str, state: TaskState) -> None:
    """Sets a stage's state and records the event, unless it has that state already."""
    if workflow.stages.get(stage) == state:
        return
    workflow.stages[stage] = state.value
    is_start = state == TaskState.RUNNING
    record(workflow, events.StageStarted(stage=stage) if is_start else events.StageFinished(stage=stage, state=state))


def _update_state(workflow: Workflow, graph: TaskGraph) -> None:
    is_idle = not graph.running
    match WorkflowState(workflow.state):
        # A task of a cancelled workflow stays `running` in the graph when its attempt has ended.
        case WorkflowState.CANCELLING if is_idle or not _running_attempts(workflow).exists():
            _set_cancelled(workflow)
        case WorkflowState.RUNNING | WorkflowState.PAUSING if all(graph.is_over(stage) for stage in workflow.stages):
            _set_completed(workflow)
        case WorkflowState.PAUSING if is_idle:
            set_state(workflow, WorkflowState.PAUSED)
            record(workflow, events.WorkflowPaused())
            resolve(workflow, Action.PAUSE, "applied", _stuck_reason(workflow))
        case WorkflowState.RUNNING if is_idle and graph.count(TaskState.FAILED) and not _goes_on(graph):
            _set_failed(workflow)
        case _:
            pass


def _goes_on(graph: TaskGraph) -> bool:
    """Whether something of it will still run, by itself or after an answer."""
    return graph.count(TaskState.READY) + graph.count(TaskState.INPUT_REQUIRED) > 0


def set_state(workflow: Workflow, state: WorkflowState) -> None:
    """Sets the workflow's state (unsaved).

    Raises: RuntimeError when `lifecycle.TRANSITIONS` does not allow it.
    """
    if not can_transition(workflow.state, state):
        raise RuntimeError(f"A workflow that is {workflow.state} cannot be set to {state}.")
    workflow.state = state


def _set_completed(workflow: Workflow) -> None:
    set_state(workflow, WorkflowState.COMPLETED)
    workflow.finished_at = timezone.now()
    record(workflow, events.WorkflowCompleted(finished_at=iso_timestamp(workflow.finished_at)))
    resolve(workflow, Action.PAUSE, "superseded", "It was completed before it could pause.")


def _set_cancelled(workflow: Workflow) -> None:
    set_state(workflow, WorkflowState.CANCELLED)
    workflow.finished_at = timezone.now()
    unfinished = workflow.tasks.filter(state__in=UNFINISHED_TASKS)
    withdraw(unfinished)
    unfinished.update(state=TaskState.CANCELLED, progress=0.0, changed_seq=workflow.first_new_seq, question="")
    with suppress(WorkflowBroken):
        graph = graph_of(workflow)
        for node in graph.nodes:
            if node.state in UNFINISHED_TASKS:
                graph.set_state(node, TaskState.CANCELLED)
    workflow.stages = {
        stage: TaskState.CANCELLED.value if state in UNFINISHED_TASKS else state
        for stage, state in workflow.stages.items()
    }
    record(workflow, events.WorkflowCancelled(finished_at=iso_timestamp(workflow.finished_at)))
    resolve(workflow, Action.CANCEL, "applied", _stuck_reason(workflow))


def _set_failed(workflow: Workflow) -> None:
    failed = list(workflow.tasks.filter(state=TaskState.FAILED).only("stage", "error"))
    for stage in dict.fromkeys(task.stage for task in failed):
        set_stage(workflow, stage, TaskState.FAILED)
    first = failed[0].error or {}
    others = f" {len(failed) - 1} more failed." if len(failed) > 1 else ""
    error = ErrorBody(
        type=first.get("type", "AgentError"),
        message=f"{first.get('message', '')}{others}",
        retryable=bool(first.get("retryable")),
    )
    _end_failed(workflow, error)


def _end_failed(workflow: Workflow, error: ErrorBody) -> None:
    set_state(workflow, WorkflowState.FAILED)
    workflow.error, workflow.finished_at = msgspec.to_builtins(error), timezone.now()
    record(workflow, events.WorkflowFailed(finished_at=iso_timestamp(workflow.finished_at), error=error))


# --- controlling ----------------------------------------------------------------------------------


def control(
    *,
    workflow: Workflow,
    by: User,
    action: str,
    request_id: str = "",
    mode: str = PauseMode.DRAIN,
    task: str = "",
    why: str = "",
    answer: str = "",
) -> Control:
    """Asks for an action. The answer is in `status` and `reason`; the result is set once it has taken effect.

    `why` is the person's own reason: it is kept in the event log, for everyone who watches. `answer` is that to the
    question of a task.
    The same `request_id` of the same user gives the same row and is applied once; `snapshots.control_result` makes
    the `control_result` message of it.
    Raises: InvalidControl, PermissionDenied, TargetNotFound.
    """
    if not access.may_control(by, workflow):
        raise PermissionDenied("You may watch this workflow, but not control it.")
    if action not in Action.values or mode not in PauseMode.values:
        raise InvalidControl(f"Ask for one of {', '.join(Action.values)}; a pause may {' or '.join(PauseMode.values)}.")
    if len(request_id) > REQUEST_ID_LENGTH or not inputs.is_readable(request_id + task):
        raise InvalidControl(f"A request_id is a text of at most {REQUEST_ID_LENGTH} characters.")
    if len(why) > WHY_LENGTH or not inputs.is_readable(why):
        raise InvalidControl(f"Say why in a text of at most {WHY_LENGTH} characters.")
    if action == Action.ANSWER and not answer.strip():
        raise InvalidControl("Say what you answer.")
    if len(answer) > ANSWER_LENGTH or not inputs.is_readable(answer):
        raise InvalidControl(f"Answer in a text of at most {ANSWER_LENGTH:,} characters.")
    with transition(workflow.pk) as current:
        requests = current.controls.select_related("by").filter(by=by, request_id=request_id)
        earlier = requests.first() if request_id else None
        asked = {"mode": PauseMode(mode), "task": task, "why": why.strip(), "answer": answer.strip()}
        new = Control(by=by, request_id=request_id or uuid.uuid4().hex, action=Action(action), **asked)
        answered = earlier or _decide(current, new)
    answered.refresh_from_db(fields=RESULT_COLUMNS)  # it may have taken effect at once
    return answered


def _decide(workflow: Workflow, control: Control) -> Control:
    """Decides on the request, saves it with the answer, and applies it."""
    action = Action(control.action)
    looks_at_tasks = action in (Action.RETRY, Action.ANSWER)
    task_states = dict(workflow.tasks.values_list("key", "state")) if looks_at_tasks else {}
    decision, control.reason = decide_control(action, workflow.state, task=control.task, task_states=task_states)
    control.workflow = workflow
    control.status = "rejected" if decision == ControlDecision.REJECT else "accepted"
    control.save()
    if control.status == "accepted":
        record(
            workflow,
            events.ControlRequested(
                request_id=control.request_id,
                action=action,
                mode=control.mode,
                task=control.task,
                by=control.by.username,
                why=control.why,
            ),
        )
    if decision == ControlDecision.NO_OP:
        _resolve_one(workflow, control, "no_op", control.reason)
    if decision == ControlDecision.APPLY:
        _APPLY[action](workflow, control)
    return control


def _pause(workflow: Workflow, control: Control) -> None:
    if workflow.state != WorkflowState.PAUSING:
        set_state(workflow, WorkflowState.PAUSING)
    record(workflow, events.WorkflowPausing(mode=control.mode, in_flight=_in_flight(workflow)))
    if control.mode == PauseMode.NOW:
        _stop_attempts(workflow)


def _resume(workflow: Workflow, control: Control) -> None:
    _run_again(workflow)
    resolve(workflow, Action.PAUSE, "superseded", "It was resumed.")
    _resolve_one(workflow, control, "applied")


def _run_again(workflow: Workflow) -> None:
    set_state(workflow, WorkflowState.RUNNING)
    workflow.slow_start, workflow.has_new_work = SLOW_START_FIRST, True
    record(workflow, events.WorkflowResumed())


def _cancel(workflow: Workflow, _control: Control) -> None:
    resolve(workflow, Action.PAUSE, "superseded", "It was cancelled.")
    if workflow.state == WorkflowState.CANCELLING:
        return
    set_state(workflow, WorkflowState.CANCELLING)
    record(workflow, events.WorkflowCancelling(in_flight=_in_flight(workflow)))
    _stop_attempts(workflow)


def _retry(workflow: Workflow, control: Control) -> None:
    failed = workflow.tasks.filter(state=TaskState.FAILED)
    chosen = list(failed.filter(key=control.task) if control.task else failed)
    if workflow.state == WorkflowState.FAILED:
        workflow.error = workflow.finished_at = None
        _run_again(workflow)
    for task in chosen:
        set_task(workflow, task.key, TaskState.READY, failure_count=0, loss_count=0, answers=[], **RESET_TASK)
        record(workflow, events.TaskRetrying(task=task.key, reason="asked"))
        set_stage(workflow, task.stage, TaskState.RUNNING)
    _resolve_one(workflow, control, "applied")


def _give_answer(workflow: Workflow, control: Control) -> None:
    asking = workflow.tasks.filter(state=TaskState.INPUT_REQUIRED)
    task = asking.get(key=control.task) if control.task else asking.get()
    answers = [*task.answers, {"question": task.question, "answer": control.answer}]
    set_task(workflow, task.key, TaskState.READY, answers=answers, **RESET_TASK)
    by = control.by.username
    record(workflow, events.InputGiven(task=task.key, question=task.question, answer=control.answer, by=by))
    _resolve_one(workflow, control, "applied")


_APPLY = {
    Action.PAUSE: _pause,
    Action.RESUME: _resume,
    Action.CANCEL: _cancel,
    Action.RETRY: _retry,
    Action.ANSWER: _give_answer,
}

# The columns of a task that goes back to `ready`.
RESET_TASK: dict[str, Any] = {
    "error": None,
    "finished_at": None,
    "not_before": None,
    "progress": 0.0,
    "question": "",
    "answer_until": None,
}


def withdraw(tasks: QuerySet[Task]) -> None:
    """Nobody waits any more for what attempts at these tasks have left with remote agents: those will be told."""
    left = Attempt.objects.filter(task__in=tasks, state__in=LEAVING_OFF).exclude(remote_task="")
    left.update(is_to_withdraw=True)


def _in_flight(workflow: Workflow) -> list[str]:
    return list(workflow.tasks.filter(state=TaskState.RUNNING).values_list("key", flat=True))


def _running_attempts(workflow: Workflow) -> QuerySet[Attempt]:
    return Attempt.objects.filter(task__workflow=workflow, state=AttemptState.RUNNING)


def _stuck_reason(workflow: Workflow) -> str:
    """Who was given up and still runs somewhere, as a sentence; "" when everything has stopped."""
    # The end of the lease of any other attempt is that of the attempt, however the clocks differ.
    stuck = Attempt.objects.filter(
        task__workflow=workflow, finished_at__isnull=False, lease_until__gt=Greatest(Now(), F("finished_at"))
    )
    agents = ", ".join(sorted(set(stuck.values_list("agent", flat=True))))
    return f"{agents} did not stop and was given up: what is still done there changes nothing." if agents else ""


def _stop_attempts(workflow: Workflow) -> None:
    running = _running_attempts(workflow)
    attempts = list(running.values_list("pk", flat=True))
    running.filter(stop_requested_at=None).update(stop_requested_at=timezone.now())
    transaction.on_commit(partial(stop_requested.send_robust, sender=Workflow, attempts=attempts))


def resolve(workflow: Workflow, action: Action, outcome: str, reason: str = "") -> None:
    """Sets the outcome of every accepted request for `action` that has none yet, and records the events."""
    for control in workflow.controls.filter(action=action, status="accepted", outcome=""):
        _resolve_one(workflow, control, outcome, reason)


def _resolve_one(workflow: Workflow, control: Control, outcome: str, reason: str = "") -> None:
    event = record(
        workflow,
        events.ControlResolved(
            request_id=control.request_id,
            action=control.action,
            outcome=outcome,
            state=workflow.state,
            by=control.by.username,
            reason=reason,
        ),
    )
    control.outcome, control.resolved_state, control.resolved_reason = outcome, workflow.state, reason
    control.resolved_seq, control.resolved_at = event.seq, event.created_at
    control.save(update_fields=RESULT_COLUMNS)
