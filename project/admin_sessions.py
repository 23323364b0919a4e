"""/api/auth/admin/ and /api/auth/session/: one sign-in for the pages, which send tokens, and for Django's admin, which has a session.

Both ways end together: to sign out of the pages ends the session, and to log out of the admin ends the login, with its
tokens and its sockets. The cookie of the admin opens nothing of the API but what stands here.
"""

from typing import Final, cast

import msgspec
from django.contrib.auth import login as start_session
from django.contrib.auth.models import User
from django.middleware.csrf import get_token
from django.urls import path
from drf_spectacular.utils import extend_schema
from msgspec import Struct
from rest_framework import status
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.exceptions import InvalidToken

from accounts import logins, sign_ins
from accounts.session_store import LOGIN_KEY
from agents import openapi
from agents.errors import CallboardError, PermissionDenied
from project.accounts import IN_A_COOKIE, PublicView, RefreshToken, TokenPair, given_token, token_response
from realtime.connection.authentication import Identity, identify

BACKEND: Final = "accounts.sign_ins.ThrottledBackend"


class AdminUser(Struct, kw_only=True, frozen=True):
    """Who is signed in to the admin in this browser."""

    username: str


class FromSession(SessionAuthentication):
    """By the session's cookie; other than a GET needs the CSRF token."""

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - its signature
        """Makes it a 401, instead of a 403."""
        return "Session"


class OpenAdminView(PublicView):
    """From the pages to the admin."""

    @extend_schema(
        operation_id="auth_admin_create",
        auth=[],
        parameters=[IN_A_COOKIE],
        request=openapi.request(RefreshToken),
        responses=openapi.responses(None, 400, 401, 403, status=204),
    )
    def post(self, request: Request) -> Response:
        """Opens the admin for the login of a refresh token, if its user is staff; the token stays good.

        The refresh token, because what is good for minutes must not become what is good for days. A page of another origin
        can neither know a token nor send JSON here.
        """
        identity = _staff(request)
        request.META[sign_ins.LOGIN_META] = identity.login
        start_session(request._request, identity.user(), backend=BACKEND)  # noqa: SLF001 - Django's own
        return Response(status=status.HTTP_204_NO_CONTENT)


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
        operation_id="auth_session_create",
        auth=[],
        parameters=[IN_A_COOKIE],
        request=None,
        responses=openapi.responses(TokenPair, 401, 403),
    )
    def post(self, request: Request) -> Response:
        """Tokens for who is signed in to the admin in this browser, of the same login. Needs the CSRF token."""
        place = sign_ins.place_of(request._request)  # noqa: SLF001 - Django's own
        token = logins.begin(cast(User, request.user), place, request.session.get(LOGIN_KEY, ""))
        return token_response(request, token)


def _staff(request: Request) -> Identity:
    """Whose refresh token it is, if that is a member of the staff.

    Raises: InvalidToken, PermissionDenied.
    """
    token = given_token(request)
    try:
        identity = identify(str(token.access_token))
    except CallboardError:
        raise InvalidToken from None
    if not logins.is_current(token):
        raise InvalidToken
    if not identity.user().is_staff:
        raise PermissionDenied("The administration is for staff.")
    return identity


urlpatterns = [
    path("admin/", OpenAdminView.as_view()),
    path("session/", SessionView.as_view()),
]
