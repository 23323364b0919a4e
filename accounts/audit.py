"""The audit log: who did what, as lines of the logger `callboard.audit` and as rows that the admin shows. Never a secret."""

import logging
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEntry

log = logging.getLogger("callboard.audit")

SUBJECT_LENGTH: Final = 200


def record(action: str, *, user: str = "", address: str = "", subject: str = "", outcome: str = "") -> None:
    """Writes down that `user` (a name) did it: with the present transaction, and after its commit in the log.

    `action` is in the past tense: "signed_in". `subject` is what it was done to, `outcome` what came of it.
    """
    subject, outcome = subject[:SUBJECT_LENGTH], outcome[:SUBJECT_LENGTH]
    AuditEntry.objects.create(action=action, user=user, address=address, subject=subject, outcome=outcome)
    facts = {"action": action, "user": user, "client": address, "subject": subject, "outcome": outcome}
    extra = {name: value for name, value in facts.items() if value}
    transaction.on_commit(lambda: log.info("%s.", action.replace("_", " ").capitalize(), extra=extra), robust=True)


def forget_old() -> None:
    """Deletes entries of more than AUDIT_DAYS days."""
    if settings.AUDIT_DAYS:
        AuditEntry.objects.filter(at__lt=timezone.now() - timedelta(days=settings.AUDIT_DAYS)).delete()
