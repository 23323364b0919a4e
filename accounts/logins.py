"""Logins: how they begin, how their refresh tokens rotate, and how they end. What has ended opens nothing, in any process.

A refresh token is good once. Its successor follows from it (`_successor`), so that whoever asks again within
REFRESH_REUSE_SECONDS, because the answer was lost or another tab was quicker, gets the very same one: there is never a
second line of tokens, and a token that comes again later has been stolen, or its successor has.
"""

import hashlib
from collections.abc import Collection
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken

from accounts import audit
from accounts.models import AdminSession, EndedLogin, FailedSignIn, LinksEpoch, Login, RotatedToken
from accounts.signals import login_ended

LOGIN_CLAIM: Final = "login"
FAILURES_KEPT: Final = timedelta(days=1)


class Place(NamedTuple):
    """Where somebody is: what the User-Agent says, and the address."""

    device: str = ""
    address: str = ""


class LoginEnded(Exception):
    """This login has ended."""


class Disabled(Exception):
    """This account is disabled."""


def person(login: str, **who: object) -> User:
    """The user with this key (`pk=7`), for a token of this login. Every door asks here; one read.

    Raises: User.DoesNotExist, Disabled, LoginEnded.
    """
    ended = EndedLogin.objects.filter(login=login, until__gt=timezone.now())
    user = User.objects.annotate(has_ended=Exists(ended)).get(**who)
    if not user.is_active:
        raise Disabled
    if user.has_ended:
        raise LoginEnded
    return user


def ended_logins(among: Collection[str]) -> frozenset[str]:
    """Those of the logins that were ended."""
    ended = EndedLogin.objects.filter(login__in=among, until__gt=timezone.now())
    return frozenset(ended.values_list("login", flat=True))


# --- beginning, and going on ------------------------------------------------------------------------


def begin(user: User, place: Place, login: str = "") -> RefreshToken:
    """The first refresh token of a new login; or of one that there is already, which began in the admin."""
    row, jti = open_login(user, place, login), uuid4().hex
    RotatedToken.objects.create(digest=_digest(jti), login=row, expires_at=row.expires_at)
    return _signed(jti, row)


def open_login(user: User, place: Place, login: str = "") -> Login:
    """A new login, which has no token yet; or one that there is already, which is being used."""
    now = timezone.now()
    used = {"last_used_at": now, "expires_at": now + api_settings.REFRESH_TOKEN_LIFETIME, "address": place.address}
    row, is_new = Login.objects.get_or_create(
        pk=login or uuid4().hex, defaults={**used, "user": user, "device": place.device}
    )
    if not is_new:
        Login.objects.filter(pk=row.pk).update(**used)
        row.expires_at = used["expires_at"]
    return row


def rotate(token: RefreshToken, address: str = "") -> RefreshToken:
    """Its successor. The same for all who ask within REFRESH_REUSE_SECONDS; later, asking ends the login.

    Raises: TokenError.
    """
    with transaction.atomic():
        used = _locked(token["jti"])
        is_stolen = used is not None and _was_used_long_ago(used)
        if used is not None and not is_stolen:
            return _newest(used, token["jti"], address)
    if used is not None:
        _end([used.login])
        audit.record(
            "refresh_token_reused", user=used.login.user.get_username(), address=address, outcome="login ended"
        )
    raise TokenError("Token is not known.")


def is_current(token: RefreshToken) -> bool:
    """Whether it is the refresh token that its login has now, or had a moment ago."""
    row = RotatedToken.objects.filter(pk=_digest(token["jti"])).first()
    return row is not None and not _was_used_long_ago(row)


def _locked(jti: str) -> RotatedToken | None:
    rows = RotatedToken.objects.select_for_update(of=("self",)).select_related("login__user")
    return rows.filter(pk=_digest(jti), expires_at__gt=timezone.now(), login__user__is_active=True).first()


def _was_used_long_ago(row: RotatedToken) -> bool:
    grace = timedelta(seconds=settings.REFRESH_REUSE_SECONDS)
    return row.used_at is not None and row.used_at + grace <= timezone.now()


def _newest(used: RotatedToken, jti: str, address: str) -> RefreshToken:
    """Uses this token if it was not used yet, and returns the end of the line that it is in."""
    login, now = used.login, timezone.now()
    if used.used_at is None:
        expires_at = now + api_settings.REFRESH_TOKEN_LIFETIME
        RotatedToken.objects.filter(pk=used.pk).update(used_at=now)
        RotatedToken.objects.create(digest=_digest(_successor(jti)), login=login, expires_at=expires_at)
        login.last_used_at, login.expires_at, login.address = now, expires_at, address or login.address
        login.save(update_fields=["last_used_at", "expires_at", "address"])
    jti = _successor(jti)
    while RotatedToken.objects.filter(pk=_digest(jti), used_at__isnull=False).exists():
        jti = _successor(jti)
    return _signed(jti, login)


def _signed(jti: str, login: Login) -> RefreshToken:
    token = RefreshToken()
    token["jti"], token["exp"] = jti, int(login.expires_at.timestamp())
    token[api_settings.USER_ID_CLAIM], token[LOGIN_CLAIM] = str(login.user_id), login.pk
    return token


def _successor(jti: str) -> str:
    return salted_hmac("accounts.logins", jti, algorithm="sha256").hexdigest()[:32]


def _digest(jti: str) -> str:
    return hashlib.sha256(str(jti).encode()).hexdigest()


# --- ending -----------------------------------------------------------------------------------------


def end(login: str) -> None:
    """From now on no token of this login opens anything or is renewed, and its sessions are over. "" is none."""
    if login:
        _end(Login.objects.filter(pk=login) or [Login(pk=login)])


def end_all(user: User, *, but: str = "") -> None:
    """Ends every login of the user except `but`, every session of the admin, and every link to what they may see."""
    with transaction.atomic():
        _end(user.logins.exclude(pk=but))
        AdminSession.objects.filter(user_id=str(user.pk)).exclude(login=but).delete()
        _end_links(user.pk)
        if User.objects.get(pk=user.pk).has_perm("workflows.view_workflow"):  # `user` would remember what it may now
            _end_links(LinksEpoch.ALL)


def _end_links(owner_id: int) -> None:
    epoch, _ = LinksEpoch.objects.select_for_update().get_or_create(pk=owner_id)
    epoch.number += 1
    epoch.save(update_fields=["number"])


def _end(logins: Collection[Login]) -> None:
    """Their rows go; that they have ended is kept until their last token is."""
    keys = [login.pk for login in logins]
    with transaction.atomic():
        until = timezone.now() + api_settings.REFRESH_TOKEN_LIFETIME
        for key in keys:
            EndedLogin.objects.update_or_create(login=key, defaults={"until": until})
        AdminSession.objects.filter(login__in=keys).delete()
        Login.objects.filter(pk__in=keys).delete()
        transaction.on_commit(lambda: [login_ended.send_robust(sender=Login, login=key) for key in keys])
    forget_expired()


def forget_expired() -> None:
    """Deletes what can be of no use any more: expired logins, tokens and sessions, old failures to sign in, and the end of the audit log."""
    now = timezone.now()
    EndedLogin.objects.filter(until__lte=now).delete()
    RotatedToken.objects.filter(expires_at__lte=now).delete()
    Login.objects.filter(expires_at__lte=now).delete()
    AdminSession.objects.filter(expire_date__lte=now).delete()
    FailedSignIn.objects.filter(at__lte=now - FAILURES_KEPT).delete()
    audit.forget_old()
