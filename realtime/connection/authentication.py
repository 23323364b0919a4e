"""Authentication of a connection: the token (subprotocol, header or message; never the URL) and the origin."""

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Exists
from django.http.request import split_domain_port, validate_host
from django.utils import timezone
from msgspec import Struct
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken

from realtime.models import EndedLogin
from realtime.wire.errors import (
    ForbiddenOrigin,
    LoggedOut,
    NotAuthenticated,
    TokenExpired,
    UnsupportedProtocol,
    UserDisabled,
)
from realtime.wire.messages import BEARER_PREFIX, SUBPROTOCOL

log = logging.getLogger(__name__)

LOGIN_CLAIM = "login"  # what all tokens of one login have in common, through every rotation

Scope = dict[str, Any]


class Identity(Struct, frozen=True):
    """The user of an access token, its login, and since and until when it is valid (Unix time)."""

    user_id: int
    username: str
    login: str
    issued_at: float
    expires_at: float

    def warn_at(self, seconds_ahead: float) -> float:
        """When to warn that the token expires (Unix time): `seconds_ahead`, but not before half of its lifetime."""
        return self.expires_at - min(seconds_ahead, (self.expires_at - self.issued_at) / 2)

    def user(self) -> User:
        """The user as the database has it now: permissions can change while a client is connected.

        Raises: UserDisabled, LoggedOut.
        """
        try:
            return _user(self.login, pk=self.user_id)
        except User.DoesNotExist:
            raise UserDisabled from None


def identify(token: str) -> Identity:
    """The identity of an access token. Reads the database.

    Raises: NotAuthenticated, TokenExpired, UserDisabled, LoggedOut.
    """
    claims = _claims(token)
    login = str(claims.get(LOGIN_CLAIM, ""))
    try:
        user = _user(login, **{api_settings.USER_ID_FIELD: claims.get(api_settings.USER_ID_CLAIM)})
    except User.DoesNotExist:
        raise NotAuthenticated from None
    return Identity(user.pk, user.username, login, float(claims["iat"]), float(claims["exp"]))


def _user(login: str, **who: object) -> User:
    """Raises: User.DoesNotExist, UserDisabled, LoggedOut."""
    ended = EndedLogin.objects.filter(login=login, until__gt=timezone.now())
    user = User.objects.annotate(has_ended=Exists(ended)).get(**who)
    if not user.is_active:
        raise UserDisabled
    if user.has_ended:
        raise LoggedOut
    return user


def _claims(token: str) -> dict[str, Any]:
    try:
        return dict(AccessToken(token).payload)  # type: ignore[arg-type]
    except ExpiredTokenError:
        raise TokenExpired from None
    except (TokenError, ValueError):
        raise NotAuthenticated from None


def token_of(scope: Scope) -> str:
    """The token that came with the handshake, as a subprotocol or as a header; "" when there is none."""
    for offered in scope.get("subprotocols", ()):
        if offered.startswith(BEARER_PREFIX):
            return str(offered.removeprefix(BEARER_PREFIX))
    scheme, _, token = _header(scope, b"authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def host_of(scope: Scope) -> str:
    """The address of the client; "" for a Unix socket, which has none.

    Behind a proxy it is the proxy's, unless the server trusts it (FORWARDED_ALLOW_IPS of uvicorn).
    """
    return str((scope.get("client") or ("",))[0])


def check_handshake(scope: Scope) -> None:
    """Checks the origin and the subprotocols of a handshake.

    Raises: ForbiddenOrigin, UnsupportedProtocol.
    """
    origin = _header(scope, b"origin")
    if origin and not _is_allowed(origin, _header(scope, b"host")):
        log.warning("A page of the origin %r was refused.", origin[:200])
        raise ForbiddenOrigin
    spoken = [offered for offered in scope.get("subprotocols", ()) if not offered.startswith(BEARER_PREFIX)]
    if spoken and SUBPROTOCOL not in spoken:
        raise UnsupportedProtocol


def chosen_subprotocol(scope: Scope) -> str | None:
    """The subprotocol that the server selects: ours, when it is offered; never one with a token."""
    return SUBPROTOCOL if SUBPROTOCOL in scope.get("subprotocols", ()) else None


def _is_allowed(origin: str, host: str) -> bool:
    if settings.ALLOWED_ORIGINS:
        return origin.lower().rstrip("/") in {allowed.lower().rstrip("/") for allowed in settings.ALLOWED_ORIGINS}
    origin_host = origin.lower().partition("://")[2]
    # The host is checked, too: a page could rebind its own name to this address.
    return origin_host == host.lower() and validate_host(split_domain_port(origin_host)[0], settings.ALLOWED_HOSTS)


def _header(scope: Scope, name: bytes) -> str:
    headers: Iterable[tuple[bytes, bytes]] = scope.get("headers", ())
    return next((value.decode("latin-1") for key, value in headers if key.lower() == name), "")
