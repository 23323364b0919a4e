"""The operator's view of the agents: how each is doing, what it has in hand, what failed, and its switches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, FloatField, QuerySet
from django.db.models.functions import Cast, NullIf
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from agents import registry, samples, switches, work
from agents.chart import chart
from agents.folding import folded
from agents.models import WHY_LENGTH, Agent
from agents.registration_admin import RegistersAgents
from agents.views import CHANGES_SHOWN
from agents.work import Work

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    ModelForm = forms.ModelForm[Agent]

    class Ratios(TypedDict):
        """What the list's query adds to a row."""

        rate: float | None
        mean_seconds: float | None

    RatedAgent = WithAnnotations[Agent, Ratios]
else:
    ModelForm = forms.ModelForm

HOURS_SHOWN = 24
ERROR_CHARACTERS = 80  # of the last error, in the list


def _ratio(part: str, whole: str) -> models.Expression:
    return Cast(F(part), FloatField()) / NullIf(Cast(F(whole), FloatField()), 0.0)


class SwitchForm(ActionForm):
    """What an action may be given besides the chosen agents."""

    why = forms.CharField(required=False, max_length=WHY_LENGTH, label="Why")


class AgentForm(ModelForm):
    """The switches of one agent, and why they change."""

    why = forms.CharField(
        required=False,
        max_length=WHY_LENGTH,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Why it changes. Kept below, and shown to those whose work waits for it.",
    )

    class Meta:
        model = Agent
        fields: ClassVar = ["is_enabled", "is_draining", "max_concurrent", "weight"]
        labels: ClassVar = {"is_enabled": "Enabled", "is_draining": "Draining", "max_concurrent": "Jobs at once"}


@admin.register(Agent)
class AgentAdmin(RegistersAgents):
    """One row per agent. What it says of itself and what was counted is read-only, its switches are not."""

    form = AgentForm
    list_display = ("name", "shown_status", "running", "jobs", "errors", "average_time", "last_failure")
    list_filter = ("status", "is_enabled", "is_draining", "kind")
    search_fields = ("name", "description", "last_error")
    actions = ("enable", "disable", "drain", "check_now", "reset_breaker")
    action_form = SwitchForm
    fieldsets = (
        (None, {"fields": ("shown_status", "description", "doing_now")}),
        ("The last day", {"fields": ("last_day", "recent_failures")}),
        ("Switches", {"fields": ("is_enabled", "is_draining", "max_concurrent", "weight", "why")}),
        ("Since it was registered", {"fields": ("jobs", "errors", "average_time", "last_seen_at")}),
        ("Card", {"fields": ("name", "kind", "url", "card_shown", "skills_shown")}),
        ("What people changed", {"fields": ("changes",)}),
    )
    readonly_fields = (
        *("shown_status", "description", "doing_now", "last_day", "recent_failures", "jobs", "errors", "average_time"),
        *("last_seen_at", "name", "kind", "url", "card_shown", "skills_shown", "changes"),
    )

    class Media:
        css: ClassVar = {"all": ["agents/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agent]:
        """The agents with their two ratios, so that the list can be sorted by them."""
        rows = super().get_queryset(request)
        return rows.annotate(
            rate=_ratio("error_count", "message_count"), mean_seconds=_ratio("total_seconds", "finished_count")
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Agent | None:
        """The agent, with who looks at it: not everybody may see all of its work."""
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.watcher = cast(User, request.user)
        return row

    def save_model(self, request: HttpRequest, obj: Agent, form: ModelForm, change: bool) -> None:  # noqa: FBT001
        """Writes only what a person has changed: the counts go on while the form is open."""
        if not change:
            return  # its form has registered it
        changed = {name: form.cleaned_data[name] for name in form.changed_data if name in AgentForm.Meta.fields}
        switches.change([obj.name], **_by(request), **changed)

    def response_change(self, request: HttpRequest, obj: Agent) -> HttpResponse:
        """After the form was saved: the page's other two buttons."""
        buttons = {"_check": self._check, "_reset": self._reset}
        for act in (act for button, act in buttons.items() if button in request.POST):
            act(request, [obj.name])
            return HttpResponseRedirect(request.path)
        return super().response_change(request, obj)

    @admin.action(description="Enable the selected agents", permissions=["change"])
    def enable(self, request: HttpRequest, chosen: QuerySet[Agent]) -> None:
        """They get work again."""
        self._switch(request, chosen, "enabled", is_enabled=True, is_draining=False)

    @admin.action(description="Disable the selected agents", permissions=["change"])
    def disable(self, request: HttpRequest, chosen: QuerySet[Agent]) -> None:
        """They get no new work, and count as offline."""
        self._switch(request, chosen, "disabled", is_enabled=False, is_draining=False)

    @admin.action(description="Drain the selected agents", permissions=["change"])
    def drain(self, request: HttpRequest, chosen: QuerySet[Agent]) -> None:
        """They finish what they have, and get no new work."""
        self._switch(request, chosen, "draining", is_enabled=True, is_draining=True)

    @admin.action(description="Check the selected agents now", permissions=["change"])
    def check_now(self, request: HttpRequest, chosen: QuerySet[Agent]) -> None:
        """Asks each whether it could work."""
        self._check(request, _names(chosen))

    @admin.action(description="Reset the breakers of the selected agents", permissions=["change"])
    def reset_breaker(self, request: HttpRequest, chosen: QuerySet[Agent]) -> None:
        """Those that failed too often get work again."""
        self._reset(request, _names(chosen))

    def _switch(self, request: HttpRequest, chosen: QuerySet[Agent], what: str, **wanted: Any) -> None:
        changed = switches.change(_names(chosen), **_by(request), **wanted)
        self.message_user(request, f"{changed} {what}.")

    def _check(self, request: HttpRequest, names: Iterable[str]) -> None:
        for name in names:
            problem = registry.check(name)
            switches.note(name, f"checked: {problem or 'ready'}", **_by(request))
            said = f"{registry.title_of(name)}: {problem or 'ready.'}"
            self.message_user(request, said, level="warning" if problem else "success")

    def _reset(self, request: HttpRequest, names: Iterable[str]) -> None:
        count = sum(switches.reset_breaker(name, **_by(request)) for name in names)
        self.message_user(request, f"{count} reset; the others had not failed too often.")

    @admin.display(description="status", ordering="status")
    def shown_status(self, row: Agent) -> SafeString:
        """The status, in its colour, and why it is so."""
        if row.is_in_service:
            return format_html('<span class="callboard-state {}">{}</span> {}', row.status, row.status, row.reason)
        return format_html('<span class="callboard-state offline">{}</span>', row.reason)

    @admin.display(ordering="in_flight")
    def running(self, row: Agent) -> str:
        """How many jobs it has in hand, and may have."""
        return f"{row.in_flight} of {row.max_concurrent}"

    @admin.display(ordering="message_count")
    def jobs(self, row: Agent) -> int:
        """How many jobs it was given."""
        return row.message_count

    @admin.display(ordering="rate")
    def errors(self, row: RatedAgent) -> str:
        """How many of them failed, and which share that is."""
        return f"{row.error_count} ({row.rate or 0:.1%})" if row.error_count else "-"

    @admin.display(description="average", ordering="mean_seconds")
    def average_time(self, row: RatedAgent) -> str:
        """Seconds per finished job."""
        return "-" if row.mean_seconds is None else f"{row.mean_seconds:.2f} s"

    @admin.display(description="last error", ordering="last_error_at")
    def last_failure(self, row: Agent) -> SafeString | str:
        """What it failed with last, and when."""
        if not row.last_error or row.last_error_at is None:
            return "-"
        short = Truncator(row.last_error).chars(ERROR_CHARACTERS)
        return format_html('<span title="{}">{}</span> ({})', row.last_error, short, _when(row.last_error_at))

    @admin.display(description="now")
    def doing_now(self, row: Agent) -> SafeString | str:
        """What it has in hand, of what the person may see, and how many jobs that is."""
        found = work.running([row.name], row.watcher).get(row.name, ())
        count = f"{row.in_flight} of at most {row.max_concurrent} jobs."
        return format_html("{}{}", count, _list(found, lambda job: f"since {_when(job.at)}"))

    @admin.display(description="chart")
    def last_day(self, row: Agent) -> SafeString:
        """Calls, errors and durations of the last day."""
        return chart(samples.history(row, HOURS_SHOWN, span=samples.QUARTER), timezone.now())

    @admin.display(description="recent failures")
    def recent_failures(self, row: Agent) -> SafeString | str:
        """What went wrong in the last week, with the reasons."""
        found = work.failures(row.name, row.watcher)
        return _list(found, lambda failed: f"{_when(failed.at)}: {failed.problem}") or "None in the last week."

    @admin.display(description="skills")
    def skills_shown(self, row: Agent) -> SafeString:
        """Each skill with what it is for, and its schemas on demand."""
        lines = (
            (
                skill["name"],
                skill["id"],
                skill["description"],
                folded("takes", skill["input_schema"]),
                folded("gives", skill["output_schema"]),
            )
            for skill in row.skills
        )
        items = format_html_join("", "<li><b>{}</b> <small>{}</small><br>{}{}{}</li>", lines)
        return format_html('<ul class="callboard-list">{}</ul>', items)

    @admin.display(description="card")
    def card_shown(self, row: Agent) -> SafeString | str:
        """What a remote agent says of itself: the main things in a line, all of it on demand."""
        if not row.card:
            return "-"
        provider = row.card.get("provider") or {}
        said = (row.card.get("name"), row.card.get("version"), provider.get("organization"))
        read = f"read at {_when(row.card_checked_at)}" if row.card_checked_at else ""
        line = ", ".join(str(each) for each in (*said, read) if each)
        return format_html("{}{}", line, folded("the whole card", row.card))

    @admin.display(description="latest")
    def changes(self, row: Agent) -> SafeString | str:
        """Who switched what, when and why."""
        lines = ((_when(each.at), each.what, each.by or "?", each.why) for each in row.changes.all()[:CHANGES_SHOWN])
        items = format_html_join("", "<li>{}: <b>{}</b> by {}. {}</li>", lines)
        return format_html('<ul class="callboard-list">{}</ul>', items) if items else "Nothing yet."


def _by(request: HttpRequest) -> dict[str, Any]:
    """Who changes something, and why."""
    return {"by": request.user.get_username(), "why": request.POST.get("why", "")}


def _names(chosen: QuerySet[Agent]) -> list[str]:
    return list(chosen.values_list("name", flat=True))


def _list(found: Iterable[Work], about: Callable[[Work], str]) -> SafeString | str:
    lines = ((each.link, each.title, each.task, about(each)) for each in found)
    items = format_html_join("", '<li><a href="{}">{}</a>, {} <small>{}</small></li>', lines)
    return format_html('<ul class="callboard-list">{}</ul>', items) if items else ""


def _when(moment: Any) -> str:  # noqa: ANN401
    return f"{moment:%d %b %H:%M:%S} UTC"
