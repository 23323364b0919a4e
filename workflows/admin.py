"""Workflows in Django's admin: read-only, with pause, resume, cancel and retry as actions."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, ClassVar, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents.errors import CallboardError
from agents.models import Agent
from workflows import coordinator, events, folding, pipelines
from workflows.artifacts.links import signed_artifact_url
from workflows.lifecycle import Action
from workflows.models import Artifact, Attempt, Control, Event, Runner, Task, Workflow


class ReadOnly:
    """Mixin: nothing can be added, changed or deleted here, because only the coordinator writes these rows."""

    def has_add_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False


class BoundedPaginator(Paginator):
    """Counts and shows the first ROWS rows alone: to count all events of a year takes longer than to show a page."""

    ROWS = 10_000

    @cached_property
    def count(self) -> int:
        """At most ROWS."""
        rows = cast(QuerySet[Any], self.object_list)
        keys = rows.order_by().values("pk")[: self.ROWS]
        return int(keys.count())


class NewestFirst(ChangeList):
    """A list that an address cannot ask to be sorted by something else: that would sort the whole table."""

    def get_ordering(self, _request: HttpRequest, _queryset: QuerySet[Any]) -> list[str | Combinable]:
        """By age."""
        return ["-pk"]


class Log(ReadOnly, admin.ModelAdmin):
    """Mixin of long lists: the newest rows, found by the title or the id of their workflow."""

    ordering = ("-pk",)
    sortable_by = ()
    paginator = BoundedPaginator
    list_per_page = 50
    show_full_result_count = False
    search_help_text = f"The title of a workflow, or its id; at most {BoundedPaginator.ROWS:,} rows are shown."
    workflow_column = "workflow"
    unlisted: tuple[str, ...] = ()  # columns that a list does not show, and that may be large
    WORKFLOWS = 200  # that a search looks into, the newest first

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:  # noqa: ARG002 - Django's signature
        return NewestFirst

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Lists without what is large."""
        rows = super().get_queryset(request)
        return rows.defer(*self.unlisted) if _is_list(request) else rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The rows of the workflows that the text fits."""
        if not search_term:
            return queryset, False
        # First the workflows: to look through the titles once for each row would take seconds.
        found, _ = WorkflowAdmin(Workflow, admin.site).get_search_results(
            request, Workflow.objects.order_by("-created_at", "-pk"), search_term
        )
        keys = list(found.values_list("pk", flat=True)[: self.WORKFLOWS])
        return queryset.filter(**{f"{self.workflow_column}__in": keys}), False


def _is_list(request: HttpRequest) -> bool:
    return request.resolver_match is not None and str(request.resolver_match.url_name).endswith("_changelist")


class _Choice(admin.SimpleListFilter):
    """A filter whose choices are known: to ask the table for its different values would read all of it."""

    @property
    def known(self) -> Iterable[str]:
        """The values."""
        raise NotImplementedError

    def lookups(self, _request: HttpRequest, _model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(value, value) for value in sorted(self.known)]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(**{str(self.title): value}) if value else queryset


class PipelineFilter(_Choice):
    """By the pipelines of this version."""

    title, parameter_name = "pipeline", "pipeline__exact"

    @property
    def known(self) -> Iterable[str]:
        return [pipeline.name for pipeline in pipelines.known()]


class KindFilter(_Choice):
    """By the kind of event."""

    title, parameter_name = "kind", "kind__exact"

    @property
    def known(self) -> Iterable[str]:
        return events.KINDS


class AgentFilter(_Choice):
    """By the agents that have a row."""

    title, parameter_name = "agent", "agent__exact"

    @property
    def known(self) -> Iterable[str]:
        return Agent.objects.values_list("name", flat=True)


class PartInline(ReadOnly, admin.TabularInline):
    """Mixin of what belongs to a workflow: at most ROWS rows, because a large one has thousands."""

    ROWS = 25
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The first rows of the workflow that is shown."""
        rows = super().get_queryset(request)
        workflow = unquote(str(request.resolver_match.kwargs["object_id"])) if request.resolver_match else None
        first = rows.filter(workflow=workflow).values_list("pk", flat=True)[: self.ROWS]
        return rows.filter(pk__in=list(first))


class TaskInline(PartInline):
    """The tasks of a workflow: first those that run, then those that have failed."""

    model = Task
    verbose_name_plural = f"tasks (at most {PartInline.ROWS})"
    fields = ("key", "stage", "skill", "agent", "state", "progress", "attempt_count", "started_at", "finished_at")
    ordering = (folding.RANK, "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Task]:
        """Without what went in and out, which may be large."""
        return super().get_queryset(request).defer("item", "output")


class ControlInline(PartInline):
    """The latest actions that people asked for, and their outcomes."""

    model = Control
    verbose_name_plural = f"controls (the latest {PartInline.ROWS})"
    fields = ("created_at", "by", "action", "mode", "task", "why", "status", "outcome", "reason")
    readonly_fields = fields
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Control]:
        """With the people, in the same query."""
        return super().get_queryset(request).select_related("by")


class ArtifactInline(PartInline):
    """The latest artifacts of a workflow."""

    model = Artifact
    verbose_name_plural = f"artifacts (the latest {PartInline.ROWS})"
    fields = ("name", "kind", "task", "size", "open_link")
    readonly_fields = fields
    ordering = ("-created_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Artifact]:
        """With the tasks, in the same query."""
        return super().get_queryset(request).select_related("task").defer("task__item", "task__output")

    @admin.display(description="file")
    def open_link(self, artifact: Artifact) -> str:
        """A signed link, valid for an hour."""
        url = signed_artifact_url(str(artifact.workflow_id), str(artifact.pk))
        return format_html('<a href="{}" target="_blank" rel="noopener">open</a>', url)


class ControlForm(ActionForm):
    """What an action may be given besides the chosen workflows."""

    why = forms.CharField(required=False, max_length=coordinator.WHY_LENGTH, label="Why")
    task = forms.CharField(required=False, max_length=100, label="Task (retry, run again)")


def _admin_action(action: Action) -> Callable[[admin.ModelAdmin, HttpRequest, QuerySet[Workflow]], None]:
    @admin.action(description=f"{action.label} selected workflows", permissions=["control"])
    def apply(_admin: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet[Workflow]) -> None:
        for workflow in chosen:
            _control(request, workflow, action)

    apply.__name__ = str(action)
    return apply


def _control(request: HttpRequest, workflow: Workflow, action: Action) -> None:
    try:
        why, task = request.POST.get("why", ""), request.POST.get("task", "")
        by = cast(User, request.user)
        control = coordinator.control(workflow=workflow, by=by, action=action, task=task, why=why)
    except CallboardError as error:
        messages.error(request, f"{workflow}: {error.message}")
        return
    level = messages.SUCCESS if control.status == "accepted" else messages.WARNING
    messages.add_message(request, level, f"{workflow}: {action} {control.status}. {control.reason}")


@admin.action(description="Run selected workflows again from a task", permissions=["control"])
def rerun(_admin: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet[Workflow]) -> None:
    """Starts new workflows of the administrator, each reusing what does not depend on the task."""
    for workflow in chosen:
        try:
            task = request.POST.get("task", "")
            new = coordinator.rerun(workflow=workflow, by=cast(User, request.user), from_task=task)
        except CallboardError as error:
            messages.error(request, f"{workflow}: {error.message}")
            continue
        link = reverse("admin:workflows_workflow_change", args=[new.pk])
        messages.success(request, format_html('{}: runs again as <a href="{}">{}</a>.', workflow, link, new.pk))


@admin.register(Workflow)
class WorkflowAdmin(ReadOnly, admin.ModelAdmin):
    """Every workflow, with its controls as actions."""

    list_display = ("title", "pipeline", "owner", "state", "percent", "stage", "created_at", "finished_at")
    list_filter = ("state", PipelineFilter, "created_at")
    search_fields = ("title", "owner__username")
    search_help_text = "Words of the title, or of the owner's name; or the id."
    list_select_related = ("owner",)
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    inlines: ClassVar = [TaskInline, ControlInline, ArtifactInline]
    readonly_fields = ("everything",)
    action_form = ControlForm
    actions = (*(_admin_action(action) for action in Action), rerun)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Workflow]:
        """Lists without what is large."""
        workflows = super().get_queryset(request)
        return workflows.defer("input", "stages", "error") if _is_list(request) else workflows

    @admin.display(description="all of its")
    def everything(self, workflow: Workflow) -> SafeString:
        """Links to the lists of what this page shows in part."""
        links = (
            (reverse(f"admin:workflows_{name}_changelist"), workflow.pk, name) for name in ("task", "attempt", "event")
        )
        return format_html_join(", ", '<a href="{}?q={}">{}s</a>', links)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """An id is looked up."""
        with suppress(ValueError):
            return queryset.filter(pk=UUID(search_term.strip())), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="progress", ordering="progress")
    def percent(self, workflow: Workflow) -> str:
        """The progress in percent."""
        return f"{workflow.progress:.0%}"

    def has_control_permission(self, request: HttpRequest) -> bool:
        """Whether the user may use the actions."""
        return request.user.has_perm("workflows.control_workflow")


@admin.register(Event)
class EventAdmin(Log):
    """The event log."""

    list_display = ("workflow", "seq", "kind", "created_at")
    list_filter = (KindFilter,)
    search_fields = ("workflow__title",)
    list_select_related = ("workflow",)
    unlisted = ("data", "workflow__input", "workflow__stages")


@admin.register(Attempt)
class AttemptAdmin(Log):
    """Every attempt at a task, with its error: the first place to look after a failure."""

    list_display = ("task", "number", "agent", "state", "seconds", "started_at", "error")
    list_filter = ("state", AgentFilter)
    search_fields = ("task__workflow__title",)
    list_select_related = ("task",)
    unlisted = ("task__item", "task__output")
    workflow_column = "task__workflow"


@admin.register(Task)
class TaskAdmin(Log):
    """Every task, also of large workflows, whose pages show some of them."""

    list_display = ("key", "workflow", "stage", "skill", "agent", "state", "attempt_count", "started_at", "finished_at")
    list_filter = ("state", AgentFilter)
    search_fields = ("workflow__title",)
    list_select_related = ("workflow",)
    unlisted = ("item", "output", "workflow__input", "workflow__stages")


@admin.register(Runner)
class RunnerAdmin(ReadOnly, admin.ModelAdmin):
    """The runners: those that are alive, and for a day those that died."""

    list_display = ("name", "host", "kind", "threads", "skills", "started_at", "last_seen_at")
    list_filter = ("kind", "host")
