"""Workflows for operators: to look at, and to pause, resume, cancel and retry. Nothing here is edited by hand."""

from collections.abc import Callable
from typing import ClassVar, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from workflows import coordinator
from workflows.artifacts.links import signed_artifact_url
from workflows.errors import CallboardError
from workflows.lifecycle import Action
from workflows.models import Artifact, Attempt, Control, Event, Task, Workflow


class LookOnly:
    """Mixed into an admin: its rows are facts; only the coordinator writes them."""

    def has_add_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False


class TaskInline(LookOnly, admin.TabularInline):
    """The tasks of a workflow."""

    model = Task
    fields = ("key", "stage", "skill", "agent", "state", "progress", "attempt_count", "started_at", "finished_at")
    ordering = ("position",)


class ControlInline(LookOnly, admin.TabularInline):
    """Who asked for what, and what came of it."""

    model = Control
    fields = ("created_at", "by", "action", "mode", "task", "status", "outcome", "reason")
    readonly_fields = fields


class ArtifactInline(LookOnly, admin.TabularInline):
    """What was made."""

    model = Artifact
    fields = ("name", "kind", "task", "size", "open_link")
    readonly_fields = fields

    @admin.display(description="file")
    def open_link(self, artifact: Artifact) -> str:
        """A link that is good for an hour."""
        url = signed_artifact_url(str(artifact.workflow_id), str(artifact.pk))
        return format_html('<a href="{}" target="_blank" rel="noopener">open</a>', url)


def _asks_for(action: Action) -> Callable[[admin.ModelAdmin, HttpRequest, QuerySet[Workflow]], None]:
    @admin.action(description=f"{action.label} selected workflows", permissions=["control"])
    def ask(_admin: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet[Workflow]) -> None:
        for workflow in chosen:
            _ask(request, workflow, action)

    ask.__name__ = str(action)
    return ask


def _ask(request: HttpRequest, workflow: Workflow, action: Action) -> None:
    try:
        control = coordinator.control(workflow=workflow, by=cast(User, request.user), action=action)
    except CallboardError as error:
        messages.error(request, f"{workflow}: {error.message}")
        return
    level = messages.SUCCESS if control.status == "accepted" else messages.WARNING
    messages.add_message(request, level, f"{workflow}: {action} {control.status}. {control.reason}")


@admin.register(Workflow)
class WorkflowAdmin(LookOnly, admin.ModelAdmin):
    """Every workflow, with its controls as actions."""

    list_display = ("title", "pipeline", "owner", "state", "percent", "stage", "created_at", "finished_at")
    list_filter = ("state", "pipeline", "created_at")
    search_fields = ("title", "owner__username", "id")
    list_select_related = ("owner",)
    date_hierarchy = "created_at"
    inlines: ClassVar = [TaskInline, ControlInline, ArtifactInline]
    actions = tuple(_asks_for(action) for action in Action)

    @admin.display(description="progress", ordering="progress")
    def percent(self, workflow: Workflow) -> str:
        """As people read it."""
        return f"{workflow.progress:.0%}"

    def has_control_permission(self, request: HttpRequest) -> bool:
        """Who may use the actions."""
        return request.user.has_perm("workflows.control_workflow")


@admin.register(Event)
class EventAdmin(LookOnly, admin.ModelAdmin):
    """The log of facts."""

    list_display = ("workflow", "seq", "kind", "created_at")
    list_filter = ("kind",)
    search_fields = ("workflow__id", "workflow__title")
    list_select_related = ("workflow",)
    show_full_result_count = False


@admin.register(Attempt)
class AttemptAdmin(LookOnly, admin.ModelAdmin):
    """Every try at a task: where to look when something went wrong."""

    list_display = ("task", "number", "agent", "state", "seconds", "started_at", "error")
    list_filter = ("state", "agent")
    search_fields = ("task__key", "task__workflow__id", "task__workflow__title")
    list_select_related = ("task",)
    show_full_result_count = False
