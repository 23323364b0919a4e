"""Authentication of a connection: the token (subprotocol, header or message; never the URL) and the origin."""

import logging
from collections.abc import Hashable, Iterable
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.http.request import split_domain_port, validate_host
from msgspec import Struct
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken, Token

from accounts import logins
from realtime.wire.errors import (
    ForbiddenOrigin,
    LoggedOut,
    NotAuthenticated,
    TokenExpired,
    UnsupportedProtocol,
    UserDisabled,
)
from realtime.wire.messages import BEARER_PREFIX, SUBPROTOCOL
from workflows.access import Grant, restricted
from workflows.tokens import WorkflowToken

log = logging.getLogger(__name__)

WATCHER_TOKENS: Final = (AccessToken, WorkflowToken)

Scope = dict[str, Any]


class Identity(Struct, frozen=True):
    """The user of a token, its login, and since and until when it is valid (Unix time); what a workflow token allows."""

    user_id: int
    username: str
    login: str
    issued_at: float
    expires_at: float
    grant: Grant | None = None

    @property
    def account(self) -> Hashable:
        """What limits are counted by: the tokens of one workflow take nothing from the user who gave them away."""
        return (self.user_id, self.grant.workflow_id) if self.grant else self.user_id

    def warn_at(self, seconds_ahead: float) -> float:
        """When to warn that the token expires (Unix time): `seconds_ahead`, but not before half of its lifetime."""
        return self.expires_at - min(seconds_ahead, (self.expires_at - self.issued_at) / 2)

    def user(self) -> User:
        """The user as the database has it now: permissions can change while a client is connected.

        Raises: UserDisabled, LoggedOut.
        """
        try:
            return restricted(_user(self.login, pk=self.user_id), self.grant)
        except User.DoesNotExist:
            raise UserDisabled from None


def identify(token: str, *kinds: type[Token]) -> Identity:
    """The identity of an access token, or, where the caller names them, of other kinds of tokens. Reads the database.

    Raises: NotAuthenticated, TokenExpired, UserDisabled, LoggedOut.
    """
    read = _read(token, kinds or (AccessToken,))
    try:
        user = _user(login_of(read), **{api_settings.USER_ID_FIELD: user_key(read)})
    except User.DoesNotExist:
        raise NotAuthenticated from None
    return identity_of(read, user)


def login_of(token: Token) -> str:
    """The login that the token belongs to."""
    return str(token.get(logins.LOGIN_CLAIM, ""))


def user_key(token: Token) -> str:
    """The key of the user that the token belongs to, as `api_settings.USER_ID_FIELD` has it."""
    return str(token.get(api_settings.USER_ID_CLAIM))


def identity_of(token: Token, user: User) -> Identity:
    """The identity of a token that is good, and whose user this is."""
    grant = token.grant if isinstance(token, WorkflowToken) else None
    return Identity(user.pk, user.username, login_of(token), float(token["iat"]), float(token["exp"]), grant)


def _user(login: str, **who: object) -> User:
    """Raises: User.DoesNotExist, UserDisabled, LoggedOut."""
    try:
        return logins.person(login, **who)
    except logins.Disabled:
        raise UserDisabled from None
    except logins.LoginEnded:
        raise LoggedOut from None


def _read(token: str, kinds: Iterable[type[Token]]) -> Token:
    for kind in kinds:
        try:
            return kind(token)  # type: ignore[arg-type]
        except ExpiredTokenError:
            raise TokenExpired from None
        except (TokenError, ValueError):
            continue
    raise NotAuthenticated


def identify_watcher(token: str) -> Identity:
    """The identity of an access token or a workflow token.

    Raises: NotAuthenticated, TokenExpired, UserDisabled, LoggedOut.
    """
    return identify(token, *WATCHER_TOKENS)


def read_watcher_token(token: str) -> Token:
    """The access token or workflow token in this text, if its signature and its time are good. Reads no database.

    Raises: NotAuthenticated, TokenExpired.
    """
    return _read(token, WATCHER_TOKENS)


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
