"""Workflows in Django's admin: read-only, with pause, resume, cancel and retry as actions."""

from collections.abc import Callable
from typing import ClassVar, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from agents.errors import CallboardError
from workflows import coordinator
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


class TaskInline(ReadOnly, admin.TabularInline):
    """The tasks of a workflow."""

    model = Task
    fields = ("key", "stage", "skill", "agent", "state", "progress", "attempt_count", "started_at", "finished_at")
    ordering = ("position",)


class ControlInline(ReadOnly, admin.TabularInline):
    """The actions that people asked for, and their outcomes."""

    model = Control
    fields = ("created_at", "by", "action", "mode", "task", "status", "outcome", "reason")
    readonly_fields = fields


class ArtifactInline(ReadOnly, admin.TabularInline):
    """The artifacts of a workflow."""

    model = Artifact
    fields = ("name", "kind", "task", "size", "open_link")
    readonly_fields = fields

    @admin.display(description="file")
    def open_link(self, artifact: Artifact) -> str:
        """A signed link, valid for an hour."""
        url = signed_artifact_url(str(artifact.workflow_id), str(artifact.pk))
        return format_html('<a href="{}" target="_blank" rel="noopener">open</a>', url)


def _admin_action(action: Action) -> Callable[[admin.ModelAdmin, HttpRequest, QuerySet[Workflow]], None]:
    @admin.action(description=f"{action.label} selected workflows", permissions=["control"])
    def apply(_admin: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet[Workflow]) -> None:
        for workflow in chosen:
            _control(request, workflow, action)

    apply.__name__ = str(action)
    return apply


def _control(request: HttpRequest, workflow: Workflow, action: Action) -> None:
    try:
        control = coordinator.control(workflow=workflow, by=cast(User, request.user), action=action)
    except CallboardError as error:
        messages.error(request, f"{workflow}: {error.message}")
        return
    level = messages.SUCCESS if control.status == "accepted" else messages.WARNING
    messages.add_message(request, level, f"{workflow}: {action} {control.status}. {control.reason}")


@admin.register(Workflow)
class WorkflowAdmin(ReadOnly, admin.ModelAdmin):
    """Every workflow, with its controls as actions."""

    list_display = ("title", "pipeline", "owner", "state", "percent", "stage", "created_at", "finished_at")
    list_filter = ("state", "pipeline", "created_at")
    search_fields = ("title", "owner__username", "id")
    list_select_related = ("owner",)
    date_hierarchy = "created_at"
    inlines: ClassVar = [TaskInline, ControlInline, ArtifactInline]
    actions = tuple(_admin_action(action) for action in Action)

    @admin.display(description="progress", ordering="progress")
    def percent(self, workflow: Workflow) -> str:
        """The progress in percent."""
        return f"{workflow.progress:.0%}"

    def has_control_permission(self, request: HttpRequest) -> bool:
        """Whether the user may use the actions."""
        return request.user.has_perm("workflows.control_workflow")


@admin.register(Event)
class EventAdmin(ReadOnly, admin.ModelAdmin):
    """The event log."""

    list_display = ("workflow", "seq", "kind", "created_at")
    list_filter = ("kind",)
    search_fields = ("workflow__id", "workflow__title")
    list_select_related = ("workflow",)
    show_full_result_count = False


@admin.register(Attempt)
class AttemptAdmin(ReadOnly, admin.ModelAdmin):
    """Every attempt at a task, with its error: the first place to look after a failure."""

    list_display = ("task", "number", "agent", "state", "seconds", "started_at", "error")
    list_filter = ("state", "agent")
    search_fields = ("task__key", "task__workflow__id", "task__workflow__title")
    list_select_related = ("task",)
    show_full_result_count = False


@admin.register(Runner)
class RunnerAdmin(ReadOnly, admin.ModelAdmin):
    """The runners: those that are alive, and for a day those that died."""

    list_display = ("name", "host", "kind", "threads", "skills", "started_at", "last_seen_at")
    list_filter = ("kind", "host")
