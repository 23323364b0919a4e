"""The logins that were ended, so that every process knows of it, also after a restart."""

from django.db import models, transaction
from django.utils import timezone
from rest_framework_simplejwt.settings import api_settings


class EndedLogin(models.Model):
    """A login that was ended while access tokens of it may still be good; afterwards the row is of no use."""

    login = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.login


def end_login(login: str) -> None:
    """From now on no access token of this login opens anything of realtime."""
    now = timezone.now()
    with transaction.atomic():
        EndedLogin.objects.filter(until__lte=now).delete()
        until = now + api_settings.ACCESS_TOKEN_LIFETIME
        EndedLogin.objects.update_or_create(login=login, defaults={"until": until})


def ended_logins() -> frozenset[str]:
    """The logins of which a token could still be good."""
    return frozenset(EndedLogin.objects.filter(until__gt=timezone.now()).values_list("login", flat=True))
