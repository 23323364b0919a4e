"""/api/sessions/: where one is signed in, and the end of that."""

from typing import Annotated, cast

import msgspec
from django.contrib.auth.models import User
from drf_spectacular.utils import extend_schema
from msgspec import Meta, Struct
from rest_framework import status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_simplejwt.tokens import Token

from accounts import audit, logins, sign_ins
from accounts.devices import device_name
from accounts.models import Login
from agents import openapi
from agents.bodies import Timestamp
from agents.errors import TargetNotFound
from agents.timestamps import iso_timestamp

ALL = "all"


class SessionBody(Struct, kw_only=True, frozen=True):
    """A sign-in: where and since when."""

    id: str
    device: Annotated[str, Meta(description='What its User-Agent says: "Firefox on Linux"; "" where it says nothing.')]
    address: Annotated[str, Meta(description="At its last use.")]
    created_at: Timestamp
    last_used_at: Annotated[Timestamp, Meta(description="When its tokens were last renewed.")]
    is_current: Annotated[bool, Meta(description="The one that asks.")]


@extend_schema(operation_id="sessions_list", responses=openapi.responses(list[SessionBody], 401))
@api_view(["GET"])
def own(request: Request) -> Response:
    """One's own sign-ins, the last used first."""
    current = _login_of(request)
    return Response([msgspec.to_builtins(_body(login, current)) for login in cast(User, request.user).logins.all()])


@extend_schema(operation_id="sessions_destroy", request=None, responses=openapi.responses(None, 401, 404, status=204))
@api_view(["DELETE"])
def end(request: Request, session_id: str) -> Response:
    """Ends one of one's own sign-ins at once; with `all` every one, also the one that asks, and the links to one's files."""
    user = cast(User, request.user)
    if session_id == ALL:
        logins.end_all(user)
    elif user.logins.filter(pk=session_id).exists():
        logins.end(session_id)
    else:
        raise TargetNotFound("There is no such sign-in, or it is not yours.")
    subject = "everywhere" if session_id == ALL else f"session {session_id[:8]}"
    address = sign_ins.address_of(request._request)  # noqa: SLF001 - Django's own
    audit.record("session_ended", user=user.get_username(), address=address, subject=subject)
    return Response(status=status.HTTP_204_NO_CONTENT)


def _login_of(request: Request) -> str:
    return str(cast(Token, request.auth).get(logins.LOGIN_CLAIM, ""))


def _body(login: Login, current: str) -> SessionBody:
    return SessionBody(
        id=login.pk,
        device=device_name(login.device),
        address=login.address,
        created_at=iso_timestamp(login.created_at),
        last_used_at=iso_timestamp(login.last_used_at),
        is_current=login.pk == current,
    )
