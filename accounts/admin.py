"""The audit log in the admin, to read; and what is done in the admin, in the audit log."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.core.exceptions import ValidationError
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import audit
from accounts.models import AuditEntry
from accounts.sign_ins import TooManyFailures

VERBS = {ADDITION: "added", CHANGE: "changed", DELETION: "deleted"}


class SignInForm(AdminAuthenticationForm):
    """The admin's own, which says so when too many sign-ins have failed."""

    def clean(self) -> dict[str, Any]:
        """Raises: ValidationError."""
        try:
            return super().clean()
        except TooManyFailures as error:
            raise ValidationError(str(error)) from None


admin.site.login_form = SignInForm


@admin.register(AuditEntry)
class AuditLog(admin.ModelAdmin):
    """Who did what. Nobody can change it here."""

    list_display = ("at", "user", "action", "subject", "outcome", "address")
    list_filter = ("action", "at")
    search_fields = ("user", "subject", "address")
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - its signature
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401, ARG002 - its signature
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401, ARG002 - its signature
        """Never."""
        return False


@receiver(post_save, sender=LogEntry, dispatch_uid="accounts.admin_log")
def _on_admin_change(instance: LogEntry, **_: Any) -> None:
    subject = f"{instance.content_type} {instance.object_repr}" if instance.content_type else instance.object_repr
    verb = VERBS.get(instance.action_flag, "changed")
    audit.record(
        f"admin_{verb}", user=instance.user.get_username(), subject=subject, outcome=instance.get_change_message()
    )
