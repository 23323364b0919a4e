"""/api/auth/: sign in, refresh, sign out, change the password (project/admin_sessions.py: from the pages to the admin and back).

Programs get the refresh token in the body of an answer, and give it in that of a request. The pages never see it: with the
header X-Refresh-Cookie it is in a cookie that scripts cannot read and that goes to these addresses alone. No page of
another origin can send that header with a cookie: CORS allows neither.
"""

from contextlib import suppress
from typing import Annotated, Any, Final, cast

import msgspec
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.models import User, update_last_login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as InvalidPassword
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework import status
from rest_framework.decorators import api_view
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import CharField, Serializer, ValidationError
from rest_framework.views import APIView
from rest_framework_simplejwt import tokens as jwt
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.settings import api_settings

from accounts import audit, logins, password_changes, sign_ins
from agents import openapi
from agents.errors import CallboardError

COOKIE: Final = "callboard_refresh"
COOKIE_PATH: Final = "/api/auth/"
COOKIE_HEADER: Final = "X-Refresh-Cookie"
PASSWORD_LENGTH: Final = 4_096  # characters: hashing takes time

IN_A_COOKIE = OpenApiParameter(
    COOKIE_HEADER,
    str,
    OpenApiParameter.HEADER,
    description="Any value: the refresh token is kept in a cookie of the browser, and not in bodies. For pages of this origin.",
)


class Credentials(Struct, kw_only=True, frozen=True):
    """What a sign-in takes."""

    username: str
    password: str


class TokenPair(Struct, kw_only=True, frozen=True):
    """An access token, for requests and sockets, and the refresh token that renews it."""

    access: str
    refresh: Annotated[str | UnsetType, Meta(description="Left out where it is in a cookie.")] = UNSET


class RefreshToken(Struct, kw_only=True, frozen=True):
    """A refresh token."""

    refresh: Annotated[str | UnsetType, Meta(description="Left out where it is in a cookie.")] = UNSET


class PasswordChange(Struct, kw_only=True, frozen=True):
    """The password that one has, and the one to have."""

    old: str
    new: str


class Me(Struct, kw_only=True, frozen=True):
    """The signed-in user, and what the pages may offer them."""

    username: str
    can_view_agents: bool
    can_change_agents: bool
    can_view_workflows: Annotated[bool, Meta(description="Those of all.")]
    is_staff: bool


class TooManyFailedLogins(Throttled):
    """Too many sign-ins have failed: of this account, or from this address."""

    default_detail = "Too many sign-ins have failed."
    extra_detail_singular = "Try again in {wait} second."
    extra_detail_plural = "Try again in {wait} seconds."


class CredentialsSerializer(Serializer[Any]):
    """The shape of `Credentials`."""

    username = CharField()
    password = CharField(trim_whitespace=False, max_length=PASSWORD_LENGTH)


class RefreshSerializer(Serializer[Any]):
    """The shape of `RefreshToken`."""

    refresh = CharField(required=False)


class PasswordSerializer(Serializer[Any]):
    """The shape of `PasswordChange`."""

    old = CharField(trim_whitespace=False, max_length=PASSWORD_LENGTH)
    new = CharField(trim_whitespace=False, max_length=PASSWORD_LENGTH)


class RefusedPassword(CallboardError):
    """This password cannot be taken."""

    error_type = "InvalidInput"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, fields={field: message})


# --- the refresh token, in a body or in the cookie ----------------------------------------------------


def given_token(request: Request) -> jwt.RefreshToken:
    """The refresh token of the body, or of the cookie.

    Raises: ValidationError, InvalidToken.
    """
    given = RefreshSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    text = given.validated_data.get("refresh")
    if text is None and COOKIE_HEADER not in request.headers:
        raise ValidationError({"refresh": "This field is required."})
    try:
        return jwt.RefreshToken(text or request.COOKIES.get(COOKIE, ""))  # type: ignore[arg-type]
    except TokenError:
        raise InvalidToken from None


def token_response(request: Request, token: jwt.RefreshToken) -> Response:
    """A token pair, the refresh token in a cookie where that is asked for."""
    access = str(token.access_token)
    if COOKIE_HEADER not in request.headers:
        return Response(msgspec.to_builtins(TokenPair(access=access, refresh=str(token))))
    response = Response(msgspec.to_builtins(TokenPair(access=access)))
    response.set_cookie(
        COOKIE,
        str(token),
        max_age=api_settings.REFRESH_TOKEN_LIFETIME,
        path=COOKIE_PATH,
        httponly=True,
        samesite="Strict",
        secure=settings.HTTPS,
    )
    return response


def end_former_login(request: Request) -> None:
    """Whoever signs in on a page takes the browser over: the login whose cookie is replaced has no use any more."""
    if COOKIE_HEADER in request.headers and (former := request.COOKIES.get(COOKIE)):
        with suppress(TokenError):
            logins.end(str(jwt.RefreshToken(former).get(logins.LOGIN_CLAIM, "")))  # type: ignore[arg-type]


def without_token(response: Response) -> Response:
    """The response, which takes the cookie away."""
    response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Strict")
    return response


# --- the addresses ----------------------------------------------------------------------------------


class PublicView(APIView):
    """A view that needs no access token."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - its signature
        """Makes a refusal a 401, instead of a 403."""
        return 'Bearer realm="api"'


def with_password(request: Request, username: str, password: str) -> User | None:
    """The user, if that is the password.

    Raises: TooManyFailedLogins.
    """
    try:
        return authenticate(request._request, username=username, password=password)  # noqa: SLF001 - Django's own
    except sign_ins.TooManyFailures as error:
        raise TooManyFailedLogins(error.seconds) from None


class LoginView(PublicView):
    """{username, password} to {access, refresh}."""

    @extend_schema(
        operation_id="auth_token_create",
        auth=[],
        parameters=[IN_A_COOKIE],
        request=openapi.request(Credentials),
        responses=openapi.responses(TokenPair, 400, 401, 429),
    )
    def post(self, request: Request) -> Response:
        """Signs in."""
        given = CredentialsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = with_password(request, **given.validated_data)
        if user is None:
            raise AuthenticationFailed("No active account found with the given credentials")
        update_last_login(User, user)
        place = sign_ins.place_of(request._request)  # noqa: SLF001 - Django's own
        token = logins.begin(user, place)
        audit.record("signed_in", user=user.get_username(), address=place.address, subject="pages, or API")
        end_former_login(request)
        response = token_response(request, token)
        sign_ins.remember_device(response, request._request, user)  # noqa: SLF001 - likewise
        return response


class RefreshView(PublicView):
    """{refresh} to {access, refresh}."""

    @extend_schema(
        operation_id="auth_token_refresh_create",
        auth=[],
        parameters=[IN_A_COOKIE],
        request=openapi.request(RefreshToken),
        responses=openapi.responses(TokenPair, 400, 401),
    )
    def post(self, request: Request) -> Response:
        """Renews. The old refresh token is good for a moment, for who lost the answer; whoever uses it later ends the login."""
        try:
            token = logins.rotate(given_token(request), sign_ins.address_of(request._request))  # noqa: SLF001 - Django's own
        except TokenError:
            raise InvalidToken from None
        return token_response(request, token)


class LogoutView(PublicView):
    """{refresh} to nothing. The token is the only proof needed."""

    @extend_schema(
        operation_id="auth_logout_create",
        auth=[],
        parameters=[IN_A_COOKIE],
        request=openapi.request(RefreshToken),
        responses=openapi.responses(None, 400, 401, status=204),
    )
    def post(self, request: Request) -> Response:
        """Ends the login: none of its tokens is good any more, its sockets are closed, and its session of the admin is over."""
        token = given_token(request)
        login = str(token.get(logins.LOGIN_CLAIM, ""))
        if logins.ended_logins([login]):
            raise InvalidToken
        user = User.objects.filter(pk=token[api_settings.USER_ID_CLAIM]).first()
        logins.end(login)
        name = user.get_username() if user else ""
        audit.record("signed_out", user=name, address=sign_ins.address_of(request._request))  # noqa: SLF001 - Django's own
        return without_token(Response(status=status.HTTP_204_NO_CONTENT))


@extend_schema(
    operation_id="auth_password_create",
    request=openapi.request(PasswordChange),
    responses=openapi.responses(None, 400, 401, 429, status=204),
)
@api_view(["POST"])
def password(request: Request) -> Response:
    """Changes the password, and ends all other sign-ins."""
    user = cast(User, request.user)
    given = PasswordSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    if with_password(request, user.get_username(), given.validated_data["old"]) is None:
        raise RefusedPassword("old", "This is not your password.")
    try:
        validate_password(given.validated_data["new"], user)
    except InvalidPassword as error:
        raise RefusedPassword("new", " ".join(error.messages)) from None
    keep = str(cast(jwt.Token, request.auth).get(logins.LOGIN_CLAIM, ""))
    password_changes.change_password(user, given.validated_data["new"], keep=keep)
    return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(responses=openapi.responses(Me, 401))
@api_view(["GET"])
def me(request: Request) -> Response:
    """The signed-in user, and what the pages may offer them."""
    if not request.user.is_authenticated:  # never true here; narrows the type to User
        raise NotAuthenticated
    user = request.user
    body = Me(
        username=user.username,
        can_view_agents=user.has_perm("agents.view_agent"),
        can_change_agents=user.has_perm("agents.change_agent"),
        can_view_workflows=user.has_perm("workflows.view_workflow"),
        is_staff=user.is_staff,
    )
    return Response(msgspec.to_builtins(body))


urlpatterns = [
    path("token/", LoginView.as_view()),
    path("token/refresh/", RefreshView.as_view()),
    path("logout/", LogoutView.as_view()),
    path("password/", password),
    path("me/", me),
]
