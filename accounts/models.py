"""Logins with their refresh tokens and their sessions of the admin, those that ended, failed sign-ins, and the audit log.

No token stands in the database, only what tells a known one from others.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

ADDRESS_LENGTH = 50  # characters; an IPv6 network has 43 at most
DEVICE_LENGTH = 200


class Login(models.Model):
    """A sign-in that has not ended. All of its tokens have its id as a claim, through every rotation."""

    id = models.CharField(primary_key=True, max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="logins")
    device = models.CharField(max_length=DEVICE_LENGTH, blank=True)  # what its User-Agent said
    address = models.CharField(max_length=ADDRESS_LENGTH, blank=True)  # at the last use
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)  # when its newest refresh token does

    class Meta:
        ordering: ClassVar = ["-last_used_at"]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.device or 'an unknown device'}"


class RotatedToken(models.Model):
    """A refresh token of a login: its hash, and when it was used."""

    digest = models.CharField(primary_key=True, max_length=64)
    login = models.ForeignKey(Login, on_delete=models.CASCADE, related_name="tokens")
    used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.digest[:8]}…"


class EndedLogin(models.Model):
    """A login that was ended while tokens of it may still be good; afterwards the row is of no use."""

    login = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.login


class AdminSession(AbstractBaseSession):
    """A session of Django's admin, which ends with its login and with all sign-ins of its user."""

    login = models.CharField(max_length=64, blank=True, db_index=True)
    user_id = models.CharField(max_length=20, blank=True, db_index=True)

    @classmethod
    def get_session_store_class(cls) -> type:
        """Where these sessions are kept."""
        from accounts.session_store import SessionStore  # noqa: PLC0415 - which needs this class

        return SessionStore


class LinksEpoch(models.Model):
    """What the signatures of links to artifacts depend on: the links of before are dead when it goes up.

    `owner_id` is the id of the user whose workflows they belong to, ALL for those of every workflow.
    """

    ALL: ClassVar = 0

    owner_id = models.PositiveBigIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.number}"


class FailedSignIn(models.Model):
    """An attempt to sign in that failed, or has not succeeded yet."""

    account = models.CharField(max_length=64)  # a keyed hash of the name: people type passwords there, too
    address = models.CharField(max_length=ADDRESS_LENGTH)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "at"], name="failures_of_account"),
            models.Index(fields=["address", "at"], name="failures_of_address"),
        ]

    def __str__(self) -> str:
        return f"from {self.address} at {self.at}"


class AuditEntry(models.Model):
    """Who did what, when, and from where. Never changed."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    action = models.CharField(max_length=40, db_index=True)
    user = models.CharField(max_length=150, blank=True, db_index=True)  # a name, which outlives the account
    address = models.CharField(max_length=ADDRESS_LENGTH, blank=True)
    subject = models.CharField(max_length=200, blank=True)  # what it was done to
    outcome = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        verbose_name_plural = "audit log"

    def __str__(self) -> str:
        return f"{self.user or 'somebody'}: {self.action}"
