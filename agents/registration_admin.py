"""Registering and removing remote agents in the admin: the form for a new agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from agents.errors import CallboardError
from agents.models import Agent

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Agent]
    ModelForm = forms.ModelForm[Agent]
else:
    ModelAdmin, ModelForm = admin.ModelAdmin, forms.ModelForm


class RegistrationForm(ModelForm):
    """Where the agent is, and what it takes to sign in there. It is registered when the form is checked."""

    url = forms.URLField(max_length=500, assume_scheme="https", label="URL", help_text="Where its agent card is found.")
    name = forms.CharField(max_length=64, required=False, help_text="Its name here. Empty: the one of its card.")
    bearer_env = forms.CharField(
        max_length=100, required=False, label="Token from", help_text="An environment variable of this server."
    )
    token = forms.CharField(
        max_length=4_096,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Or the token itself; it is stored encrypted, and shown nowhere.",
    )
    max_concurrent = forms.IntegerField(min_value=1, max_value=10_000, initial=4, label="Tasks at once")

    class Meta:
        model = Agent
        fields: ClassVar = ["url", "name", "bearer_env", "max_concurrent"]

    def clean(self) -> dict[str, Any]:
        """Registers the agent, so that what is wrong with it is shown beside what was entered."""
        from agents.remote import registration  # noqa: PLC0415 - the SDK takes a second to load

        entered = self.cleaned_data
        if not self.errors:
            try:
                registration.check_may_be_named(entered["bearer_env"])
                columns = {name: entered[name] for name in self.Meta.fields}
                self._registered = registration.register(**columns, credential=entered["token"])
            except CallboardError as error:
                self.add_error(None, error.message)
        return entered

    def _post_clean(self) -> None:
        """The row was written already: there is nothing to check by the model."""

    def save(self, commit: bool = True) -> Agent:  # noqa: ARG002, FBT001, FBT002 - Django's signature
        """The row."""
        return self._registered

    def save_m2m(self) -> None:
        """It refers to no other rows."""


class RegistersAgents(ModelAdmin):
    """Lets those who may change agents add and remove remote ones."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Agents that are part of the program come with it; remote ones are added here."""
        return bool(request.user.has_perm("agents.change_agent"))

    def has_delete_permission(self, request: HttpRequest, obj: Agent | None = None) -> bool:
        """Only of a remote agent: another one would be back at the next start. It can be switched off."""
        is_remote = obj is not None and obj.kind == Agent.Kind.A2A
        return is_remote and bool(request.user.has_perm("agents.change_agent"))

    def get_form(self, request: HttpRequest, obj: Agent | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: ANN401, FBT001, FBT002
        """That of a new agent has nothing in common with that of one that is there."""
        return super().get_form(request, obj, change, **kwargs) if obj else RegistrationForm

    def get_fieldsets(self, request: HttpRequest, obj: Agent | None = None) -> Any:  # noqa: ANN401
        """All fields of a new agent."""
        if obj:
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": ["url", "name", "bearer_env", "token", "max_concurrent"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Agent | None = None) -> Any:  # noqa: ANN401
        """None of a new agent."""
        return super().get_readonly_fields(request, obj) if obj else ()
