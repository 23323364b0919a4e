"""Deletes what has expired of users' sign-ins: sessions and tokens."""

from django.core.management import call_command


def forget_expired_logins(**_: object) -> None:
    """Deletes sessions and tokens that are of no use any more."""
    call_command("clearsessions")
    call_command("flushexpiredtokens")
