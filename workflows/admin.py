"""Workflows in Django's admin: read-only, with pause, resume, cancel, retry and delete as actions."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, ClassVar, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Count, Model, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents.errors import CallboardError
from agents.folding import brief
from agents.models import Agent
from workflows import coordinator, deletion, events, pipelines, spending, waiting
from workflows.admin_parts import parts, problem_of, spent, spent_by_model, state
from workflows.lifecycle import ACTIVE_STATES, Action
from workflows.models import Attempt, Event, Picture, Runner, Task, Workflow


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


class Styled(ReadOnly, admin.ModelAdmin):
    """Mixin: with what Callboard adds to the admin's style."""

    class Media:
        css: ClassVar = {"all": ["agents/admin.css"]}


class Log(Styled):
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


def _folded(name: str) -> Callable[[Any, Model], SafeString | str]:
    """A display of a column with JSON: short values in a line, long ones folded."""

    @admin.display(description=name)
    def show(_admin: object, row: Model) -> SafeString | str:
        return brief(getattr(row, name))

    return show


class ControlForm(ActionForm):
    """What an action may be given besides the chosen workflows."""

    why = forms.CharField(required=False, max_length=coordinator.WHY_LENGTH, label="Why")
    task = forms.CharField(required=False, max_length=100, label="Task (retry, run again)")
    budget = forms.FloatField(required=False, min_value=0, label="Budget (0: no limit; empty: as all films)")


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


@admin.action(description="Set the budget of selected workflows", permissions=["control"])
def set_budget(_admin: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet[Workflow]) -> None:
    """What each of them may cost from now on; what has failed at its budget waits for a retry."""
    form = ControlForm(request.POST)
    form.is_valid()  # as far as the budget goes: with one that is no amount of money Django calls no action
    amount = form.cleaned_data.get("budget")
    for workflow in chosen:
        spending.set_budget(workflow=workflow, amount=amount, by=cast(User, request.user))
    said = "as of all films" if amount is None else f"{amount:,.2f}"
    messages.success(request, f"The budget is {said} now. A retry goes on with what has failed at it.")


@admin.register(Workflow)
class WorkflowAdmin(Styled):
    """Every workflow, with its controls as actions."""

    list_display = ("title", "pipeline", "owner", "state", "percent", "stage", "created_at", "finished_at")
    list_filter = ("state", PipelineFilter, "created_at")
    search_fields = ("title", "owner__username")
    search_help_text = "Words of the title, or of the owner's name; or the id."
    list_select_related = ("owner",)
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "title",
                    ("pipeline", "owner"),
                    "shown_state",
                    "doing",
                    "problem",
                    "stages_shown",
                    "spent_shown",
                )
            },
        ),
        ("Input", {"fields": ("input_shown",)}),
        ("Times", {"fields": (("created_at", "started_at", "finished_at"), ("rerun_of", "rerun_from"))}),
    )
    readonly_fields = ("shown_state", "doing", "problem", "stages_shown", "spent_shown", "input_shown")
    action_form = ControlForm
    actions = (*(_admin_action(action) for action in Action), rerun, set_budget)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Workflow]:
        """Lists without what is large."""
        workflows = super().get_queryset(request)
        return workflows.defer("input", "stages", "error") if _is_list(request) else workflows

    def has_delete_permission(self, request: HttpRequest, _obj: Model | None = None) -> bool:
        """Workflows alone can be deleted here, with all that belongs to them."""
        return request.user.has_perm("workflows.delete_workflow")

    def get_deleted_objects(
        self, objs: "QuerySet[Workflow] | Sequence[Workflow]", _request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """What the page that asks for confirmation says: not every task and event, which may be many thousands."""
        titles = [f"{each}, with its tasks, events and files" for each in objs]
        active = [f"{each} is {each.state}: cancel it first" for each in objs if each.state in ACTIVE_STATES]
        return titles, {"workflows": len(titles)}, set(), active

    def delete_model(self, request: HttpRequest, obj: Workflow) -> None:
        """Under its lock, as everywhere."""
        try:
            deletion.delete(workflow=obj, by=cast(User, request.user))
        except CallboardError as error:
            messages.error(request, f"{obj}: {error.message}")

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Workflow]) -> None:
        """One after the other."""
        for workflow in queryset:
            self.delete_model(request, workflow)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the tables of its tasks, attempts, artifacts, controls and events."""
        response = super().change_view(request, object_id, form_url, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data:
            response.context_data["parts"] = parts(request, response.context_data["original"])
        return response

    @admin.display(description="state")
    def shown_state(self, workflow: Workflow) -> SafeString:
        """The state with the progress."""
        return format_html("{} {}", state(workflow.state), self.percent(workflow))

    @admin.display(description="now")
    def doing(self, workflow: Workflow) -> str:
        """What it does, or why nothing of it moves."""
        waits = waiting.waiting_for(workflow)
        return waits["text"] if waits else ": ".join(filter(None, (workflow.stage, workflow.message))) or "-"

    @admin.display(description="problem")
    def problem(self, workflow: Workflow) -> SafeString | str:
        """Why it has failed."""
        return brief(problem_of(workflow.error))

    @admin.display(description="stages")
    def stages_shown(self, workflow: Workflow) -> SafeString:
        """Each stage with its state."""
        lines = ((name, state(str(each))) for name, each in workflow.stages.items())
        return format_html_join(", ", "{} {}", lines)

    @admin.display(description="models")
    def spent_shown(self, workflow: Workflow) -> str:
        """What models took for it so far, and its budget."""
        budget = spending.budget_of(workflow)
        return f"{spent(workflow.usage)}; budget: {f'{budget:,.2f}' if budget else 'no limit'}"

    @admin.display(description="input")
    def input_shown(self, workflow: Workflow) -> SafeString:
        """Each field, folded when it is long."""
        items = format_html_join("", "<li><b>{}</b> {}</li>", ((k, brief(v)) for k, v in workflow.input.items()))
        return format_html('<ul class="callboard-list">{}</ul>', items)

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
    fields = ("workflow", "seq", "kind", "created_at", "data_shown")
    readonly_fields = ("data_shown",)
    data_shown = _folded("data")


@admin.register(Attempt)
class AttemptAdmin(Log):
    """Every attempt at a task, with its error: the first place to look after a failure."""

    list_display = ("task", "number", "agent", "state", "seconds", "started_at", "problem")
    list_filter = ("state", AgentFilter)
    search_fields = ("task__workflow__title",)
    list_select_related = ("task",)
    unlisted = ("task__item", "task__output")
    workflow_column = "task__workflow"
    fields = (
        *(("task", "number"), ("agent", "slot"), "runner", "state", ("started_at", "finished_at", "seconds")),
        *("problem", "error_shown", "spent_shown", ("stop_requested_at", "silent_since", "lease_until")),
    )
    readonly_fields = ("problem", "error_shown", "spent_shown")
    error_shown = _folded("error")

    @admin.display(description="models")
    def spent_shown(self, attempt: Attempt) -> str:
        """What models took for it."""
        return spent_by_model(attempt.usage)

    @admin.display(description="problem")
    def problem(self, attempt: Attempt) -> str:
        """What went wrong, in words."""
        return problem_of(attempt.error) or "-"


@admin.register(Task)
class TaskAdmin(Log):
    """Every task, also of large workflows, whose pages show some of them."""

    list_display = ("key", "workflow", "stage", "skill", "agent", "state", "attempt_count", "started_at", "finished_at")
    list_filter = ("state", AgentFilter)
    search_fields = ("workflow__title",)
    list_select_related = ("workflow",)
    unlisted = ("item", "output", "workflow__input", "workflow__stages")
    fields = (
        *("workflow", "key", ("step", "stage", "skill"), "agent", "state", "progress"),
        *(("attempt_count", "failure_count", "loss_count"), "not_before", ("started_at", "finished_at")),
        *("item_shown", "output_shown", "error_shown", "spent_shown"),
    )
    readonly_fields = ("item_shown", "output_shown", "error_shown", "spent_shown")
    item_shown, output_shown, error_shown = _folded("item"), _folded("output"), _folded("error")

    @admin.display(description="models")
    def spent_shown(self, task: Task) -> str:
        """What models took for it, all attempts."""
        return spent(task.usage)


@admin.register(Runner)
class RunnerAdmin(ReadOnly, admin.ModelAdmin):
    """The runners: those that are alive, and for a day those that died."""

    list_display = ("name", "host", "kind", "threads", "skills", "started_at", "last_seen_at")
    list_filter = ("kind", "host")


class UsedFilter(admin.SimpleListFilter):
    """Whether a workflow uses it."""

    title = "use"
    parameter_name = "use"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Sequence[tuple[str, str]]:  # noqa: ANN401
        """Both."""
        return [("used", "In a workflow"), ("unused", "In none yet")]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of one kind."""
        return queryset.filter(uses__isnull=self.value() == "unused").distinct() if self.value() else queryset


@admin.register(Picture)
class PictureAdmin(Styled):
    """The pictures that users have brought along: whose, how large, since when. They are not shown: they are personal."""

    list_display = ("id", "owner", "size", "width", "height", "created_at", "used_by")
    list_filter = (UsedFilter, "created_at")
    search_fields = ("owner__username",)
    list_select_related = ("owner",)
    list_per_page = 50
    fields = ("id", "owner", ("size", "width", "height"), "created_at", "used_by")
    readonly_fields = ("used_by",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how many workflows use each."""
        rows: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(use_count=Count("uses"))
        return counted

    @admin.display(description="Workflows")
    def used_by(self, picture: Picture) -> int:
        """How many workflows use it."""
        return int(picture.use_count)  # type: ignore[attr-defined] # annotated
