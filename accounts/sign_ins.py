"""Passwords are tried no faster than is good for anybody, at every door and by all processes together (AUTHENTICATION_BACKENDS).

Failures are counted three ways. Of one account from one place, so that one account cannot be guessed from there. Of one
address, and of one account from everywhere: these do not hold whoever has signed in from there before, so that nobody at
an office can lock out its people, and no stranger can lock out a person. A browser that somebody has signed in with is a
place of its own, by a cookie (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
"""

import logging
import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core import signing
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework_simplejwt.settings import api_settings

from accounts import audit, logins
from accounts.addresses import address_key
from accounts.logins import Place
from accounts.models import ADDRESS_LENGTH, DEVICE_LENGTH, AuditEntry, FailedSignIn
from accounts.session_store import LOGIN_KEY

log = logging.getLogger(__name__)

DEVICE_COOKIE: Final = "callboard_device"
DEVICE_DAYS: Final = 365
MINUTE: Final = timedelta(minutes=1)
ACCOUNT_WINDOW: Final = timedelta(minutes=15)
EVERYWHERE: Final = 10  # times as many failures of one account as from one place
PLACES_KNOWN: Final = 200  # the newest of one person
LOGIN_META: Final = (
    "callboard.login"  # in a request's META, for a session that belongs to a login that there is already
)


class TooManyFailures(Exception):
    """Too many sign-ins have failed; `seconds` says when the next may be tried."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many sign-ins have failed. Try again in {max(1, round(seconds))} seconds.")
        self.seconds = max(1, round(seconds))


class Limit(NamedTuple):
    """At most so many failures within a time."""

    failures: Any  # of FailedSignIn, a QuerySet
    most: int
    within: timedelta


class ThrottledBackend(ModelBackend):
    """By name and password, unless too many attempts have failed."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Any:  # noqa: ANN401 - its signature
        """The user, or None. Raises: TooManyFailures."""
        if request is None or not username or password is None:
            return super().authenticate(request, username, password, **kwargs)
        # Each attempt counts from its start until it succeeds, so that parallel ones cannot exceed the limit together.
        attempt = _begin(request, username)
        user = super().authenticate(request, username, password, **kwargs)
        if user is not None:
            attempt.delete()
        return user


def _begin(request: HttpRequest, username: str) -> FailedSignIn:
    account, address = _hashed(username), address_key(address_of(request))
    device = _device(request, username)
    is_known = bool(device) or _has_been_at(username, address)
    attempt = FailedSignIn.objects.create(account=account, address=device or address, at=timezone.now())
    for limit in _limits(attempt, is_known=is_known):
        if (seconds := _seconds_to_wait(limit)) > 0:
            attempt.delete()  # who waits is not made to wait longer
            log.warning("A sign-in was refused: too many have failed.", extra={"client": address})
            raise TooManyFailures(seconds)
    return attempt


def _limits(attempt: FailedSignIn, *, is_known: bool) -> Iterator[Limit]:
    of_account = FailedSignIn.objects.filter(account=attempt.account)
    most = settings.LOGIN_FAILURES_PER_ACCOUNT
    if attempt.address:
        yield Limit(of_account.filter(address=attempt.address), most, ACCOUNT_WINDOW)
    if not is_known:
        yield Limit(of_account, EVERYWHERE * most, ACCOUNT_WINDOW)
        if attempt.address:
            of_address = FailedSignIn.objects.filter(address=attempt.address)
            yield Limit(of_address, settings.LOGIN_FAILURES_PER_MINUTE, MINUTE)


def _seconds_to_wait(limit: Limit) -> float:
    """Until one more is within the limit; 0 when it is already. The present attempt is among the failures."""
    now = timezone.now()
    newest = limit.failures.filter(at__gt=now - limit.within).order_by("-at").values_list("at", flat=True)
    counted = list(newest[: limit.most + 1])
    # It is one too many until the oldest of those that fill the limit is past.
    return (counted[-1] + limit.within - now).total_seconds() if len(counted) > limit.most else 0.0


def _hashed(username: str) -> str:
    return salted_hmac("accounts.sign_ins", username.casefold(), algorithm="sha256").hexdigest()


def _has_been_at(username: str, address: str) -> bool:
    """Whether this person has signed in from there before."""
    times = AuditEntry.objects.filter(action="signed_in", user=username).exclude(address="")
    return address in {address_key(known) for known in times.values_list("address", flat=True)[:PLACES_KNOWN]}


# --- places -----------------------------------------------------------------------------------------


def address_of(request: HttpRequest) -> str:
    """Not from X-Forwarded-For, which any client can send: REMOTE_ADDR is what the server trusts."""
    return str(request.META.get("REMOTE_ADDR", ""))[:ADDRESS_LENGTH]


def place_of(request: HttpRequest) -> Place:
    """Where a request comes from."""
    return Place(str(request.META.get("HTTP_USER_AGENT", ""))[:DEVICE_LENGTH], address_of(request))


def remember_device(response: HttpResponseBase, request: HttpRequest, user: User) -> None:
    """Lets this browser be a place of its own when the same person signs in again."""
    if not _device(request, user.get_username()):
        said = signing.dumps([_hashed(user.get_username()), secrets.token_hex(16)], salt=DEVICE_COOKIE)
        age = timedelta(days=DEVICE_DAYS)
        response.set_cookie(DEVICE_COOKIE, said, max_age=age, httponly=True, samesite="Strict", secure=settings.HTTPS)


def _device(request: HttpRequest, username: str) -> str:
    """What the failures of this browser are counted by; "" where this person has never signed in with it."""
    try:
        account, number = signing.loads(
            request.COOKIES.get(DEVICE_COOKIE, ""), salt=DEVICE_COOKIE, max_age=timedelta(days=DEVICE_DAYS)
        )
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return f"device {number}" if account == _hashed(username) else ""


# --- what the admin's own sign-in does ---------------------------------------------------------------


@receiver(user_logged_in, dispatch_uid="accounts.session_begins")
def _on_session_begins(request: HttpRequest, user: User, **_: Any) -> None:
    """A session of the admin belongs to a login, with which it ends."""
    login = request.META.get(LOGIN_META, "")
    if not login:
        login = logins.open_login(user, place_of(request)).pk
        audit.record("signed_in", user=user.get_username(), address=address_of(request), subject="administration")
    request.session[LOGIN_KEY] = login
    request.session.set_expiry(api_settings.REFRESH_TOKEN_LIFETIME)


@receiver(user_logged_out, dispatch_uid="accounts.session_ends")
def _on_session_ends(request: HttpRequest | None, user: User | None, **_: Any) -> None:
    """Whoever logs out of the admin is signed out of the pages, too."""
    if request is not None and user is not None and (login := request.session.get(LOGIN_KEY)):
        logins.end(str(login))
        audit.record("signed_out", user=user.get_username(), address=address_of(request), subject="administration")


@receiver(user_login_failed, dispatch_uid="accounts.sign_in_failed")
def _on_failure(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    name = str(credentials.get("username", ""))
    is_somebody = User.objects.filter(username=name).exists()  # otherwise it may be a password in the wrong field
    address = address_of(request) if request is not None else ""
    audit.record("sign_in_failed", user=name if is_somebody else "", address=address)
