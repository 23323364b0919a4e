"""Snapshot + message = later snapshot, for clients in Python; frontend/packages/client/src/applyMessage.ts is its twin.

Each kind does what the docstring of its payload in workflows/events.py says; tests/contract holds both to it.

A stage of a large workflow is folded: its `tasks` are only some. Their counts are kept up to date; a task that begins, ends
or is retried is added, and those of a plan that grew are counted alone. `add_tasks` adds those of a page.
"""

from collections.abc import Callable
from typing import Any, Final

Json = dict[str, Any]

RERUNS_SHOWN: Final = 20
UNFINISHED: Final = frozenset({"pending", "running", "input_required"})
STATES: Final = {
    "workflow_started": "running",
    "workflow_pausing": "pausing",
    "workflow_paused": "paused",
    "workflow_resumed": "running",
    "workflow_cancelling": "cancelling",
    "workflow_cancelled": "cancelled",
    "workflow_completed": "completed",
    "workflow_failed": "failed",
}


def apply_message(snapshot: Json, message: Json) -> None:
    """Brings the snapshot up to date with a message of its room; what it has already changes nothing."""
    if message["type"] == "watchers":
        snapshot["watchers"] = message["watchers"]
    elif message["type"] == "progress" and message["seq"] >= snapshot["seq"]:
        _apply_progress(snapshot, message)
    elif message["type"] == "event" and message["seq"] > snapshot["seq"]:
        snapshot["seq"] = message["seq"]
        snapshot["state"] = STATES.get(message["kind"], snapshot["state"])
        if change := CHANGES.get(message["kind"]):
            change(snapshot, message["data"])
        if recorded := message.get("progress"):
            _apply_progress(snapshot, {**recorded, "state": snapshot["state"], "queue": None})


def add_tasks(snapshot: Json, page: Json) -> None:
    """Adds the tasks of a page (GET /api/workflows/{id}/tasks/) that the snapshot lacks.

    Its `seq` must not be larger than the snapshot's: of what happened since, the snapshot knows more.
    """
    stages = {stage["name"]: stage for stage in snapshot["stages"]}
    for each in page["tasks"]:
        tasks, task = stages[each["stage"]]["tasks"], dict(each["task"])
        if any(known["key"] == task["key"] for known in tasks):
            continue
        if snapshot["state"] == "cancelled" and task["state"] in UNFINISHED:
            task.update(state="cancelled", progress=0.0, question="")
        _insert(tasks, task)


def add_artifacts(snapshot: Json, page: Json) -> None:
    """Adds the artifacts of a page (GET /api/workflows/{id}/artifacts/) that the snapshot lacks, ahead of its own, which are newer."""
    known = {(artifact["task"], artifact["name"]) for artifact in snapshot["artifacts"]}
    older = [artifact for artifact in page["artifacts"] if (artifact["task"], artifact["name"]) not in known]
    snapshot["artifacts"][:0] = older


def _apply_progress(snapshot: Json, message: Json) -> None:
    snapshot.update({name: message[name] for name in ("state", "stage", "message", "eta", "elapsed", "queue")})
    snapshot["waiting_for"] = message.get("waiting_for")
    snapshot["progress"] = max(snapshot["progress"], message["progress"])
    for stage in snapshot["stages"]:
        for task in stage["tasks"]:
            fraction = message.get("tasks", {}).get(task["key"], 0.0)
            if task["state"] == "running" and fraction > task["progress"]:
                task["progress"] = fraction
        _sum_up(stage)


def _started(snapshot: Json, data: Json) -> None:
    snapshot["started_at"] = data["started_at"]


def _titled(snapshot: Json, data: Json) -> None:
    snapshot["title"] = data["title"]


def _resumed(snapshot: Json, _data: Json) -> None:
    snapshot.update(error=None, finished_at=None)


def _cancelled(snapshot: Json, data: Json) -> None:
    snapshot["finished_at"] = data["finished_at"]
    for stage in snapshot["stages"]:
        for task in stage["tasks"]:
            if task["state"] in UNFINISHED:
                task.update(state="cancelled", progress=0.0, question="")
        if folded := stage.get("folded"):
            counts = folded["counts"]
            for state in UNFINISHED & counts.keys():
                _count(counts, state, "cancelled", counts[state])
        if stage["state"] in UNFINISHED:
            stage["state"] = "cancelled"
        _sum_up(stage)


def _completed(snapshot: Json, data: Json) -> None:
    snapshot.update(progress=1.0, finished_at=data["finished_at"])


def _failed(snapshot: Json, data: Json) -> None:
    snapshot.update(error=data["error"], finished_at=data["finished_at"])


def _stage_started(snapshot: Json, data: Json) -> None:
    _stage_finished(snapshot, {**data, "state": "running"})


def _stage_finished(snapshot: Json, data: Json) -> None:
    for stage in snapshot["stages"]:
        if stage["name"] == data["stage"]:
            stage["state"] = data["state"]


def _grew(snapshot: Json, data: Json) -> None:
    stages = {stage["name"]: stage for stage in snapshot["stages"]}
    for grown in sorted(data["tasks"], key=lambda grown: grown["position"]):
        stage, task = stages[grown["stage"]], grown["task"]
        if folded := stage.get("folded"):
            folded["counts"][task["state"]] = folded["counts"].get(task["state"], 0) + 1
            folded["steps"][_step(task["key"])] = task["skill"]
        else:
            stage["tasks"].insert(grown["position"], dict(task))
        _sum_up(stage)


def _task_started(snapshot: Json, data: Json) -> None:
    begun = {name: data[name] for name in ("agent", "attempt", "started_at")}
    _change_task(snapshot, data, state="running", progress=0.0, finished_at=None, error=None, **begun)


def _task_finished(snapshot: Json, data: Json) -> None:
    done = {name: data[name] for name in ("agent", "attempt", "finished_at")}
    _change_task(snapshot, data, state="completed", progress=1.0, **done)


def _task_failed(snapshot: Json, data: Json) -> None:
    ended = {name: data[name] for name in ("attempt", "finished_at", "error")}
    _change_task(snapshot, data, state="failed", progress=0.0, question="", **ended)


def _task_retrying(snapshot: Json, data: Json) -> None:
    _change_task(snapshot, data, state="pending", progress=0.0, finished_at=None, error=None)


def _input_required(snapshot: Json, data: Json) -> None:
    asked = {name: data[name] for name in ("agent", "attempt", "question")}
    _change_task(snapshot, data, state="input_required", progress=0.0, finished_at=None, error=None, **asked)


def _input_given(snapshot: Json, data: Json) -> None:
    _change_task(snapshot, data, state="pending", progress=0.0, finished_at=None, error=None, question="")


def _artifact_ready(snapshot: Json, data: Json) -> None:
    ready, artifacts = data["artifact"], snapshot["artifacts"]
    for index, artifact in enumerate(artifacts):
        if (artifact["task"], artifact["name"]) == (ready["task"], ready["name"]):
            artifacts[index] = ready
            return
    artifacts.append(ready)


def _usage_recorded(snapshot: Json, data: Json) -> None:
    snapshot["usage"] = data["total"]
    for stage in snapshot["stages"]:
        for task in stage["tasks"]:
            if task["key"] == data["task"]:
                task["usage"] = data["usage"]


def _rerun(snapshot: Json, data: Json) -> None:
    snapshot["reruns"] = [*snapshot.get("reruns", []), data["rerun"]][-RERUNS_SHOWN:]


CHANGES: Final[dict[str, Callable[[Json, Json], None]]] = {
    "workflow_started": _started,
    "workflow_titled": _titled,
    "workflow_resumed": _resumed,
    "workflow_cancelled": _cancelled,
    "workflow_completed": _completed,
    "workflow_failed": _failed,
    "stage_started": _stage_started,
    "stage_finished": _stage_finished,
    "plan_grew": _grew,
    "task_started": _task_started,
    "task_finished": _task_finished,
    "task_failed": _task_failed,
    "task_retrying": _task_retrying,
    "input_required": _input_required,
    "input_given": _input_given,
    "artifact_ready": _artifact_ready,
    "usage_recorded": _usage_recorded,
    "workflow_rerun": _rerun,
}


# In which state a task was that is folded away: one that runs never is.
EARLIER: Final = {
    "running": "pending",
    "completed": "running",
    "failed": "pending",
    "pending": "failed",
    "input_required": "running",
}


def _change_task(snapshot: Json, data: Json, **change: Any) -> None:
    key, state = data["task"], change["state"]
    for stage in snapshot["stages"]:
        folded, task = stage.get("folded"), next((task for task in stage["tasks"] if task["key"] == key), None)
        if task is None and folded and _step(key) in folded["steps"]:
            task = _folded_task(key, folded["steps"][_step(key)], EARLIER[state])
            _insert(stage["tasks"], task)
        if task is not None:
            if folded:
                _count(folded["counts"], task["state"], state, 1)
            task.update(change)
            _sum_up(stage)


def _folded_task(key: str, skill: str, state: str) -> Json:
    """A task of which only its key is known; its next `task_started` brings what is missing."""
    unknown = {"started_at": None, "finished_at": None, "error": None, "question": "", "title": "", "usage": None}
    return {"key": key, "skill": skill, "agent": "", "state": state, "progress": 0.0, "attempt": 0, **unknown}


def _count(counts: Json, earlier: str, later: str, tasks: int) -> None:
    counts[earlier] = max(0, counts.get(earlier, 0) - tasks)
    counts[later] = counts.get(later, 0) + tasks


def _step(key: str) -> str:
    return key.partition("/")[0]


def _insert(tasks: list[Json], task: Json) -> None:
    """By scene and shot, as far as the key says it."""
    place = _path(task["key"])
    tasks.insert(next((at for at, other in enumerate(tasks) if _path(other["key"]) > place), len(tasks)), task)


def _path(key: str) -> list[int]:
    numbers = key.partition("/")[2]
    return [int(number) for number in numbers.split(".")] if numbers else []


def _sum_up(stage: Json) -> None:
    """A stage's progress is the mean of its tasks'. Of those that are folded away, only completed ones have any."""
    tasks, folded = stage["tasks"], stage.get("folded")
    if folded:
        counts = folded["counts"]
        done = counts.get("completed", 0) + sum(task["progress"] for task in tasks if task["state"] == "running")
        total = sum(counts.values())
    else:
        done, total = sum(task["progress"] for task in tasks), len(tasks)
    stage["progress"] = round(done / total, 4) if total else 0.0
