"""The logins that were ended, so that every process knows of it, also after a restart; and the sessions that end with one."""

from collections.abc import Collection
from importlib import import_module

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from rest_framework_simplejwt.settings import api_settings


class EndedLogin(models.Model):
    """A login that was ended while tokens of it may still be good; afterwards the row is of no use."""

    login = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.login


class AdminSession(models.Model):
    """A session of Django's admin that ends with a login."""

    login = models.CharField(max_length=64, db_index=True)
    key = models.CharField(max_length=40, unique=True)
    until = models.DateTimeField(db_index=True)  # it has expired then

    def __str__(self) -> str:
        return self.login


def end_login(login: str) -> None:
    """From now on no token of this login opens anything of realtime or is renewed, and its sessions are over."""
    now = timezone.now()
    with transaction.atomic():
        EndedLogin.objects.filter(until__lte=now).delete()
        until = now + api_settings.REFRESH_TOKEN_LIFETIME
        EndedLogin.objects.update_or_create(login=login, defaults={"until": until})
        bound = AdminSession.objects.filter(login=login)
        for key in bound.values_list("key", flat=True):
            import_module(settings.SESSION_ENGINE).SessionStore(key).delete()
        bound.delete()


def bind_session(login: str, key: str) -> None:
    """Lets the session with this key end with the login."""
    now = timezone.now()
    AdminSession.objects.filter(until__lte=now).delete()
    until = now + api_settings.REFRESH_TOKEN_LIFETIME
    AdminSession.objects.update_or_create(key=key, defaults={"login": login, "until": until})


def ended_logins(among: Collection[str]) -> frozenset[str]:
    """Those of the logins that were ended."""
    ended = EndedLogin.objects.filter(login__in=among, until__gt=timezone.now())
    return frozenset(ended.values_list("login", flat=True))
