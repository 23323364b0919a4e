"""/api/auth/admin/ and /api/auth/session/: one sign-in for the pages, which send tokens, and for Django's admin, which has a session.

Both ways end together: to sign out of the pages ends the session, and to log out of the admin ends the login, with its
tokens and its sockets. The cookie opens nothing of the API but what stands here.
"""

from typing import Any, Final, cast

import msgspec
from django.contrib.auth import login as start_session
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import path
from drf_spectacular.utils import extend_schema
from msgspec import Struct
from rest_framework import status
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import CharField, Serializer
from rest_framework.views import APIView
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken

from agents import openapi
from agents.errors import CallboardError, PermissionDenied
from project.accounts import LoginSerializer, TokenPair
from project.accounts import RefreshToken as RefreshTokenBody
from realtime import models, receivers
from realtime.connection.authentication import LOGIN_CLAIM, Identity, identify

BACKEND: Final = "django.contrib.auth.backends.ModelBackend"


class AdminUser(Struct, kw_only=True, frozen=True):
    """Who is signed in to the admin in this browser."""

    username: str


class FromSession(SessionAuthentication):
    """By the session's cookie; other than a GET needs the CSRF token."""

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - its signature
        """Makes it a 401, instead of a 403."""
        return "Session"


class OpenAdminView(APIView):
    """From the pages to the admin."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="auth_admin_create",
        auth=[],
        request=openapi.request(RefreshTokenBody),
        responses=openapi.responses(None, 400, 401, 403, status=204),
    )
    def post(self, request: Request) -> Response:
        """Opens the admin for the login of a refresh token, if its user is staff; the token stays good.

        The refresh token, because what is good for minutes must not become what is good for days. A page of another origin
        can neither know a token nor send JSON here.
        """
        given = StaffSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        identity: Identity = given.validated_data
        start_session(request._request, identity.user(), backend=BACKEND)  # noqa: SLF001 - Django's own
        _bind(request, identity.login)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def get_authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - its signature
        """Makes a refusal of the token a 401, instead of a 403."""
        return "Session"


class SessionView(APIView):
    """From the admin to the pages."""

    authentication_classes = (FromSession,)
    permission_classes = (IsAuthenticated,)

    @extend_schema(operation_id="auth_session_retrieve", auth=[], responses=openapi.responses(AdminUser, 401))
    def get(self, request: Request) -> Response:
        """Who is signed in to the admin in this browser, so that the sign-in page can offer to go on as them."""
        get_token(request)  # sets the cookie that the POST needs
        return Response(msgspec.to_builtins(AdminUser(username=request.user.get_username())))

    @extend_schema(
        operation_id="auth_session_create", auth=[], request=None, responses=openapi.responses(TokenPair, 401, 403)
    )
    def post(self, request: Request) -> Response:
        """Tokens for who is signed in to the admin in this browser. Needs the CSRF token."""
        token = cast(RefreshToken, LoginSerializer.get_token(cast(User, request.user)))
        # The login with which the session was opened, if there is one: it cannot have ended, or the session had, too.
        token[LOGIN_CLAIM] = request.session.get(LOGIN_CLAIM, token[LOGIN_CLAIM])
        _bind(request, token[LOGIN_CLAIM])
        pair = TokenPair(access=str(token.access_token), refresh=str(token))
        return Response(msgspec.to_builtins(pair))


class StaffSerializer(Serializer[Any]):
    """{refresh} to the identity of a member of the staff."""

    refresh = CharField()

    def validate(self, attrs: dict[str, Any]) -> Any:  # noqa: ANN401 - its signature
        try:
            identity = identify(str(RefreshToken(attrs["refresh"]).access_token))
            user = identity.user()
        except (TokenError, CallboardError):
            raise InvalidToken from None
        if not user.is_staff:
            raise PermissionDenied("The administration is for staff.")
        return identity


def _bind(request: Request, login: str) -> None:
    """Lets the session end with the login, and not outlive its last token."""
    request.session[LOGIN_CLAIM] = login
    request.session.set_expiry(api_settings.REFRESH_TOKEN_LIFETIME)
    models.bind_session(login, str(request.session.session_key))


@receiver(user_logged_out)
def _on_admin_logout(request: HttpRequest | None, **_: object) -> None:
    """Whoever logs out of the admin is signed out of the pages, too."""
    if request is not None and (login := request.session.get(LOGIN_CLAIM)):
        models.end_login(str(login))
        receivers.end_login(str(login))


urlpatterns = [
    path("admin/", OpenAdminView.as_view()),
    path("session/", SessionView.as_view()),
]
