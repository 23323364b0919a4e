"""What belongs to a workflow, on its page in the admin: tables of which one page is read at a time.

A large workflow has thousands of tasks and events: each table is one query for one page of rows, without what is large.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents.folding import brief
from workflows import folding
from workflows.artifacts.links import signed_artifact_url
from workflows.models import Artifact, Attempt, Control, Event, Task, Workflow

ROWS: Final = 10  # of a page
LAST_PAGE: Final = 1_000  # further ones would be found by reading all rows before them
IMAGES: Final = ("image/png", "image/jpeg", "image/webp")

Cells = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A page of one of the tables."""

    name: str
    head: Sequence[str]
    rows: Sequence[Cells]
    page: int
    before: str  # the address of the page before, "" when there is none
    after: str
    all: str  # the address of the list, "" when there is none


def parts(request: HttpRequest, workflow: Workflow) -> list[Part]:
    """The tables that the person may see; `?tasks=2` in the address asks for the second page of one."""
    return [
        table.page_of(request, workflow)
        for table in TABLES
        if request.user.has_perm(f"workflows.view_{table.model_name}")
    ]


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are read of a workflow, newest or most important first, and each becomes the cells of a line."""

    model: type[Model]
    head: Sequence[str]
    rows: Callable[[Workflow], QuerySet[Any]]
    cells: Callable[[Any], Cells]
    has_list: bool = True

    @property
    def model_name(self) -> str:
        """ "task"."""
        return self.model.__name__.lower()

    def page_of(self, request: HttpRequest, workflow: Workflow) -> Part:
        """The page that the address asks for. One query."""
        name = f"{self.model_name}s"
        page = _page(request.GET.get(name, ""))
        found = list(self.rows(workflow)[(page - 1) * ROWS : page * ROWS + 1])
        has_more = len(found) > ROWS and page < LAST_PAGE
        return Part(
            name=name,
            head=self.head,
            rows=[self.cells(row) for row in found[:ROWS]],
            page=page,
            before=_address(request, name, page - 1) if page > 1 else "",
            after=_address(request, name, page + 1) if has_more else "",
            all=f"{reverse(f'admin:workflows_{self.model_name}_changelist')}?q={workflow.pk}" if self.has_list else "",
        )


def _page(text: str) -> int:
    return (
        min(max(1, int(text)), LAST_PAGE)
        if text.isascii() and text.isdigit() and len(text) <= len(str(LAST_PAGE))
        else 1
    )


def _address(request: HttpRequest, name: str, page: int) -> str:
    query = request.GET.copy()
    query[name] = str(page)
    return f"?{query.urlencode()}#{name}"


def state(name: str) -> SafeString:
    """A state, in its colour."""
    return format_html('<span class="callboard-state {}">{}</span>', name, name)


def _link(row: Model, text: str) -> SafeString:
    address = reverse(f"admin:workflows_{type(row).__name__.lower()}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, text)


def when(moment: Any) -> str:  # noqa: ANN401 - a datetime or None
    """A moment to the second."""
    return f"{moment:%d %b %H:%M:%S}" if moment else "-"


def problem_of(error: dict[str, Any] | None) -> str:
    """The message of a stored error; "" without one."""
    return str((error or {}).get("message", ""))


def spent(usage: dict[str, Any] | None) -> str:
    """What models took, in words: "12,340 tokens, 14 pictures, 0.42 USD"."""
    if not usage:
        return "-"
    counts = (
        *((usage["prompt_tokens"], "prompt tokens"), (usage["completion_tokens"], "completion tokens")),
        *((usage["pictures"], "pictures"), (usage["video_seconds"], "s of video")),
        (usage["speech_characters"], "spoken characters"),
    )
    words = [f"{count:,} {thing}" for count, thing in counts if count]
    cost = [] if usage["cost"] is None else [f"{usage['cost']:,.4f} {usage['currency']}"]
    unpriced = [f"{usage['unpriced_calls']:,} without a price"] if cost and usage["unpriced_calls"] else []
    return ", ".join([f"{usage['calls']:,} calls", *words, *cost, *unpriced])


def spent_by_model(usage: dict[str, Any] | None) -> str:
    """The same of each model."""
    return "; ".join(f"{model}: {spent(each)}" for model, each in (usage or {}).items()) or "-"


def _tasks(workflow: Workflow) -> QuerySet[Task]:
    return workflow.tasks.order_by(folding.RANK, "position").defer("item", "output")


def _task(task: Task) -> Cells:
    fraction = f"{task.progress:.0%}"
    times = when(task.started_at), when(task.finished_at)
    return (
        *(_link(task, task.key), task.stage, task.skill, task.agent or "-", state(task.state), fraction),
        *(task.attempt_count, *times, spent(task.usage), brief(problem_of(task.error))),
    )


def _attempts(workflow: Workflow) -> QuerySet[Attempt]:
    rows = Attempt.objects.filter(task__workflow=workflow).order_by("-pk")
    return rows.select_related("task").defer("task__item", "task__output")


def _attempt(attempt: Attempt) -> Cells:
    seconds = "-" if attempt.seconds is None else f"{attempt.seconds:.1f} s"
    return (
        _link(attempt, f"{attempt.task.key}, {attempt.number}"),
        *(attempt.agent, state(attempt.state), when(attempt.started_at), seconds, attempt.runner),
        *(spent_by_model(attempt.usage), brief(problem_of(attempt.error))),
    )


def _event(event: Event) -> Cells:
    return _link(event, str(event.seq)), event.kind, when(event.created_at), brief(event.data)


def _control(control: Control) -> Cells:
    answer = f"{control.status} {control.outcome}".strip()
    what = f"{control.action} {control.task}".strip()
    return when(control.created_at), control.by.get_username(), what, control.why or "-", answer, control.reason or "-"


def _artifacts(workflow: Workflow) -> QuerySet[Artifact]:
    rows = workflow.artifacts.select_related("task").defer("task__item", "task__output")
    return rows.order_by("-created_at", "-pk")


def _artifact(artifact: Artifact) -> Cells:
    url = signed_artifact_url(str(artifact.workflow_id), str(artifact.pk))
    link = format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', url, artifact.name)
    return (
        _preview(artifact, url),
        link,
        artifact.kind,
        artifact.task.key,
        f"{artifact.size:,}",
        when(artifact.created_at),
    )


def _preview(artifact: Artifact, url: str) -> SafeString | str:
    """A small picture, or a player that loads nothing before it is asked to."""
    if artifact.media_type in IMAGES:
        return format_html('<img class="callboard-preview" src="{}" alt="{}" loading="lazy">', url, artifact.name)
    if artifact.media_type == "video/mp4":
        return format_html('<video class="callboard-preview" src="{}" controls preload="none"></video>', url)
    return ""


TABLES: Final = (
    Table(
        Task,
        ("Task", "Stage", "Skill", "Agent", "State", "Done", "Tries", "Started", "Finished", "Models", "Problem"),
        _tasks,
        _task,
    ),
    Table(
        Attempt, ("Attempt", "Agent", "State", "Started", "Took", "Runner", "Models", "Problem"), _attempts, _attempt
    ),
    Table(
        Artifact,
        ("Preview", "Name", "Kind", "Task", "Bytes", "Made"),
        _artifacts,
        _artifact,
        has_list=False,
    ),
    Table(
        Control,
        ("Asked", "By", "Action", "Why", "Answer", "Reason"),
        lambda workflow: workflow.controls.order_by("-pk").select_related("by"),
        _control,
        has_list=False,
    ),
    Table(Event, ("Seq", "Kind", "At", "What"), lambda workflow: workflow.events.order_by("-seq"), _event),
)
