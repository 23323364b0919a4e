"""Creates, reruns, pauses, resumes, cancels and retries workflows, and takes answers: every command comes in here.

Each is one transition (see `transitions`). With `claims` and `outcomes`, the only one who asks for them.
"""

import uuid
from collections.abc import Callable
from functools import partial
from uuid import UUID

import msgspec
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accounts import audit
from agents import registry, tracing
from agents.errors import PermissionDenied
from workflows import (
    access,
    events,
    forecasts,
    long_texts,
    pictures,
    pipelines,
    quotas,
    rerun_changes,
    reruns,
    snapshots,
)
from workflows.bodies import ANSWER_LENGTH, Rerun
from workflows.errors import CrewNotReady, InvalidControl, InvalidInput, PipelineBroken, StillWorking
from workflows.events import record
from workflows.graph import TaskGraph, first_tasks
from workflows.lifecycle import (
    SLOW_START_FIRST,
    WORKING_STATES,
    Action,
    ControlDecision,
    PauseMode,
    TaskState,
    WorkflowState,
    decide_control,
)
from workflows.models import Control, Task, Workflow, search_text_of
from workflows.pipelines import inputs
from workflows.pipelines.base import Pipeline
from workflows.signals import stop_requested
from workflows.transitions import (
    RESET_TASK,
    RESULT_COLUMNS,
    resolve,
    resolve_one,
    running_attempts,
    set_stage,
    set_state,
    set_task,
    transition,
)

REQUEST_ID_LENGTH = 100
WHY_LENGTH = 500


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
    workflow, texts = _new_workflow(recipe, checked, owner)
    workflow.estimated = forecasts.told(recipe, checked, owner)
    workflow.traceparent = tracing.traceparent()
    workflow.pk = workflow_id or workflow.pk
    with transaction.atomic():
        quotas.check_new_workflow(owner, pipeline)
        workflow.save(force_insert=True)
        long_texts.keep(workflow, texts)
        pictures.use(workflow, recipe)
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


def _new_workflow(
    recipe: Pipeline, checked: msgspec.Struct | inputs.Json, owner: User
) -> tuple[Workflow, dict[str, str]]:
    """A workflow without tasks that is not saved yet, and the long texts of its input, by field."""
    given, texts = long_texts.parted(recipe, msgspec.to_builtins(checked))
    workflow = Workflow(
        pipeline=recipe.name,
        title=recipe.title_of(checked),
        owner=owner,
        input=given,
        search_text=search_text_of(given),
        stages=dict.fromkeys(recipe.stages, TaskState.PENDING.value),
        message="Waiting for its turn",
    )
    return workflow, texts


def rerun(*, workflow: Workflow, by: User, from_task: str, given: object = None, changes: object = None) -> Workflow:
    """A new pending workflow of `by` that does the task `from_task`, and what depends on it, again; all else is reused.

    `given` is the new input, decoded JSON; None: the same. `changes` is what the tasks of one item get otherwise, see
    `rerun_changes`. What the earlier workflow has not completed is done, too.
    Raises: PermissionDenied, TargetNotFound, StillWorking, InvalidInput, UnknownPipeline, CrewNotReady, TooManyWorkflows,
    StorageLimitExceeded.
    """
    if not access.may_control(by, workflow):
        raise PermissionDenied("You may watch this workflow, but not run it again.")
    recipe = pipelines.of(workflow)
    checked = inputs.checked(recipe, workflow.input if given is None else given)
    _check_crew(recipe)
    new, texts = _new_workflow(recipe, checked, by)
    # Locked until the copies are committed, so that the files that they share cannot be deleted meanwhile.
    with reruns.new_files() as files, transition(workflow.pk) as source:
        if source.state in WORKING_STATES:
            raise StillWorking
        quotas.check_new_workflow(by, recipe.name)
        graph = _graph_to_rerun(source, recipe)
        redone = reruns.depending_on(graph, from_task)
        for key in rerun_changes.renewed(graph, from_task, changes):
            redone |= reruns.depending_on(graph, key)
        texts = long_texts.inherited(source, new, texts)
        # A field that there was not yet when the earlier one began is none that was changed.
        changed = {name for name, value in new.input.items() if source.input.get(name, value) != value}
        changed |= long_texts.changed(source, texts)
        reruns.check_input(recipe, graph, redone, changed)
        checked_changes = rerun_changes.checked(source, graph, redone, from_task, changes)
        new.rerun_of, new.rerun_from, new.rerun_changes = source, from_task, checked_changes.names
        if recipe.titled_by and recipe.titled_by.step not in redone:
            new.title = source.title
        new.save(force_insert=True)
        long_texts.keep(new, texts)
        pictures.use(new, recipe, reused=pictures.used_by(source))
        reruns.copy(source, new, graph, redone, checked_changes, files)
        if new.owner_id == source.owner_id:  # others may not see it
            rerun = msgspec.convert(snapshots.rerun_body(new.pk, new), Rerun)
            record(source, events.WorkflowRerun(rerun=rerun, by=by.username))
        with transition(new.pk) as created:
            pass
    return created


def _graph_to_rerun(source: Workflow, recipe: Pipeline) -> TaskGraph:
    try:
        return TaskGraph.load(source, recipe)
    except PipelineBroken:
        message = f"{recipe.name} has changed since: start a new workflow instead."
        raise InvalidInput(message, fields={"from": message}) from None


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
    audit.record(
        "asked_for_control",
        user=control.by.username,
        subject=f"workflow {workflow.pk}",
        outcome=f"{action}: {control.status}",
    )
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
        resolve_one(workflow, control, "no_op", control.reason)
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
    resolve_one(workflow, control, "applied")


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
    resolve_one(workflow, control, "applied")


def _give_answer(workflow: Workflow, control: Control) -> None:
    asking = workflow.tasks.filter(state=TaskState.INPUT_REQUIRED)
    task = asking.get(key=control.task) if control.task else asking.get()
    answers = [*task.answers, {"question": task.question, "answer": control.answer}]
    set_task(workflow, task.key, TaskState.READY, answers=answers, **RESET_TASK)
    by = control.by.username
    record(workflow, events.InputGiven(task=task.key, question=task.question, answer=control.answer, by=by))
    resolve_one(workflow, control, "applied")


_APPLY = {
    Action.PAUSE: _pause,
    Action.RESUME: _resume,
    Action.CANCEL: _cancel,
    Action.RETRY: _retry,
    Action.ANSWER: _give_answer,
}


def _in_flight(workflow: Workflow) -> list[str]:
    return list(workflow.tasks.filter(state=TaskState.RUNNING).values_list("key", flat=True))


def _stop_attempts(workflow: Workflow) -> None:
    running = running_attempts(workflow)
    attempts = list(running.values_list("pk", flat=True))
    running.filter(stop_requested_at=None).update(stop_requested_at=timezone.now())
    transaction.on_commit(partial(stop_requested.send_robust, sender=Workflow, attempts=attempts))
