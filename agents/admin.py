"""The operator's view of the agents: how each is doing, and the switch."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ActionForm
from django.db import models
from django.db.models import F, FloatField, QuerySet
from django.db.models.functions import Cast, NullIf
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents import metrics, registry
from agents.models import WHY_LENGTH, Agent
from agents.registration_admin import RegistersAgents
from agents.views import SAMPLES_SHOWN

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Ratios(TypedDict):
        """What the list's query adds to a row."""

        rate: float | None
        mean_seconds: float | None

    RatedAgent = WithAnnotations[Agent, Ratios]
COLOURS = {"idle": "#2f855a", "busy": "#2b6cb0", "error": "#c53030", "offline": "#718096"}


def _ratio(part: str, whole: str) -> models.Expression:
    return Cast(F(part), FloatField()) / NullIf(Cast(F(whole), FloatField()), 0.0)


class SwitchForm(ActionForm):
    """What the switch may be given besides the chosen agents."""

    why = forms.CharField(required=False, max_length=WHY_LENGTH, label="Why")


@admin.register(Agent)
class AgentAdmin(RegistersAgents):
    """One row per agent; its counts are read-only, its switch is not."""

    list_display = (
        "name",
        "is_enabled",
        "shown_status",
        "running",
        "jobs",
        "errors",
        "average_time",
    )
    list_editable = ("is_enabled",)
    list_filter = ("status", "is_enabled", "kind")
    search_fields = ("name", "description", "last_error")
    actions = ("switch_on", "switch_off")
    action_form = SwitchForm
    fieldsets = (
        (None, {"fields": ("name", "kind", "description", "is_enabled", "disabled_by", "disabled_why")}),
        ("What it does", {"fields": ("max_concurrent", "shown_skills")}),
        ("How it is doing", {"fields": ("shown_status", "in_flight", "message_count", "error_count", "error_rate")}),
        ("Time and errors", {"fields": ("average_time", "last_seen_at", "last_error_at", "last_error")}),
        ("The last hour", {"fields": ("last_hour",)}),
    )
    readonly_fields = (
        "name",
        "kind",
        "description",
        "disabled_by",
        "shown_skills",
        "shown_status",
        "in_flight",
        "message_count",
        "error_count",
        "error_rate",
        "average_time",
        "last_seen_at",
        "last_error_at",
        "last_error",
        "last_hour",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agent]:
        """The agents with their two ratios, so that the list can be sorted by them."""
        rows = super().get_queryset(request)
        return rows.annotate(
            rate=_ratio("error_count", "message_count"), mean_seconds=_ratio("total_seconds", "finished_count")
        )

    def save_model(self, request: HttpRequest, obj: Agent, form: ModelForm[Agent], change: bool) -> None:  # noqa: FBT001
        """Writes only what a person may change: the counts go on while the form is open."""
        if not change:
            return  # its form has registered it
        changed = {name for name in form.changed_data if name in form.fields}
        obj.save(update_fields=changed - {"is_enabled"})
        if "is_enabled" in changed:
            by = request.user.get_username()
            registry.set_enabled([obj.name], is_enabled=obj.is_enabled, by=by, why=obj.disabled_why)
        metrics.announce(obj.name)

    @admin.action(description="Switch on the selected agents", permissions=["change"])
    def switch_on(self, request: HttpRequest, chosen: QuerySet[Agent]) -> None:
        """They get work again."""
        self._switch(request, chosen, is_enabled=True)

    @admin.action(description="Switch off the selected agents", permissions=["change"])
    def switch_off(self, request: HttpRequest, chosen: QuerySet[Agent]) -> None:
        """They finish what they have, and get no new work."""
        self._switch(request, chosen, is_enabled=False)

    def _switch(self, request: HttpRequest, chosen: QuerySet[Agent], *, is_enabled: bool) -> None:
        names, by, why = chosen.values_list("name", flat=True), request.user.get_username(), request.POST.get("why", "")
        changed = registry.set_enabled(names, is_enabled=is_enabled, by=by, why=why[:WHY_LENGTH])
        self.message_user(request, f"{changed} switched {'on' if is_enabled else 'off'}.")

    @admin.display(description="status", ordering="status")
    def shown_status(self, row: Agent) -> SafeString:
        """The status, in its colour."""
        return format_html('<b style="color: {}">{}</b>', COLOURS[row.status], row.status)

    @admin.display(ordering="in_flight")
    def running(self, row: Agent) -> int:
        """How many jobs it has in hand."""
        return row.in_flight

    @admin.display(ordering="message_count")
    def jobs(self, row: Agent) -> int:
        """How many jobs it was given."""
        return row.message_count

    @admin.display(ordering="rate")
    def errors(self, row: RatedAgent) -> str:
        """How many of them failed, and which share that is."""
        return f"{row.error_count} ({self.error_rate(row)})" if row.error_count else "-"

    @admin.display(description="error rate")
    def error_rate(self, row: RatedAgent) -> str:
        """Errors per job."""
        return "-" if row.rate is None else f"{row.rate:.1%}"

    @admin.display(description="average", ordering="mean_seconds")
    def average_time(self, row: RatedAgent) -> str:
        """Seconds per finished job."""
        return "-" if row.mean_seconds is None else f"{row.mean_seconds:.2f} s"

    @admin.display(description="skills")
    def shown_skills(self, row: Agent) -> SafeString:
        """Each skill with what it is for."""
        lines = ((skill["name"], skill["description"]) for skill in row.skills)
        return format_html_join("", "<div><b>{}</b>: {}</div>", lines)

    @admin.display(description="minute by minute")
    def last_hour(self, row: Agent) -> SafeString | str:
        """A table of what it did in each minute, newest first."""
        samples = metrics.samples_since(row, timezone.now() - SAMPLES_SHOWN).reverse()
        lines = [
            (f"{s.minute:%H:%M}", s.calls, s.errors, f"{s.total_seconds / max(s.calls, 1):.2f}", f"{s.max_seconds:.2f}")
            for s in samples
        ]
        if not lines:
            return "No calls."
        cells = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", lines)
        head = format_html_join("", "<th>{}</th>", [(h,) for h in ("UTC", "calls", "errors", "mean s", "longest s")])
        return format_html("<table><tr>{}</tr>{}</table>", head, cells)
