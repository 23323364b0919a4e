"""/api/auth/: sign in, refresh, sign out (project/sessions.py: from the pages to the admin and back). All tokens of one login share the claim LOGIN_CLAIM, through every rotation."""

import uuid
from datetime import timedelta
from typing import Annotated, Any, NoReturn

import msgspec
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from msgspec import Meta, Struct
from rest_framework import status
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotAuthenticated, Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle
from rest_framework.views import APIView
from rest_framework_simplejwt import tokens as jwt
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.serializers import (
    TokenBlacklistSerializer,
    TokenObtainPairSerializer,
    TokenRefreshSerializer,
)
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken
from rest_framework_simplejwt.tokens import Token
from rest_framework_simplejwt.views import TokenBlacklistView, TokenObtainPairView, TokenRefreshView

from agents import openapi
from realtime import models, receivers
from realtime.connection.authentication import LOGIN_CLAIM
from realtime.connection.limits import MINUTE, address_key


class Credentials(Struct, kw_only=True, frozen=True):
    """What a sign-in takes."""

    username: str
    password: str


class TokenPair(Struct, kw_only=True, frozen=True):
    """An access token, for requests and sockets, and the refresh token that renews it."""

    access: str
    refresh: str


class RefreshToken(Struct, kw_only=True, frozen=True):
    """A refresh token."""

    refresh: str


class Me(Struct, kw_only=True, frozen=True):
    """The signed-in user, and what the pages may offer them."""

    username: str
    can_view_agents: bool
    can_change_agents: bool
    can_view_workflows: Annotated[bool, Meta(description="Those of all.")]
    is_staff: bool


class LoginSerializer(TokenObtainPairSerializer):
    """{username, password} to a token pair, both with the id of their login as a claim."""

    @classmethod
    def get_token(cls, user: User) -> Token:  # type: ignore[override]
        token = super().get_token(user)
        token[LOGIN_CLAIM] = uuid.uuid4().hex
        return token


class RenewableToken(jwt.RefreshToken):
    """A refresh token that is good once, and again for REFRESH_REUSE_SECONDS: its answer may have been lost."""

    def check_blacklist(self) -> None:
        """Raises: TokenError, when the token was rotated longer ago; whoever presents it then may have stolen it, so its login ends."""
        rotated_before = timezone.now() - timedelta(seconds=settings.REFRESH_REUSE_SECONDS)
        rotated = BlacklistedToken.objects.filter(token__jti=self["jti"], blacklisted_at__lte=rotated_before)
        if rotated.exists():
            _end(str(self.get(LOGIN_CLAIM, "")))
            raise TokenError("Token was used before.")


class RefreshSerializer(TokenRefreshSerializer):
    """{refresh} to a new token pair."""

    token_class = RenewableToken

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        login = str(self.token_class(attrs["refresh"]).get(LOGIN_CLAIM, ""))
        if models.ended_logins([login]):
            raise InvalidToken
        try:
            return super().validate(attrs)
        except ObjectDoesNotExist:  # its user was deleted
            raise InvalidToken from None


def _end(login: str) -> None:
    if login:
        models.end_login(login)
        receivers.end_login(login)


class TooManyFailedLogins(Throttled):
    """Too many sign-ins from this address have failed."""

    default_detail = "Too many sign-ins have failed."
    extra_detail_singular = "Try again in {wait} second."
    extra_detail_plural = "Try again in {wait} seconds."


class FailedLogins(SimpleRateThrottle):
    """Rate limit for failed sign-ins of one address. Without an address (a Unix socket) there is no limit."""

    scope = "login"

    def get_rate(self) -> str:
        return f"{settings.LOGIN_FAILURES_PER_MINUTE}/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:  # noqa: ARG002 - its signature
        # Not the framework's own key: it trusts any X-Forwarded-For. REMOTE_ADDR is what the server trusts.
        address = address_key(request.META.get("REMOTE_ADDR", ""))
        return self.cache_format % {"scope": self.scope, "ident": address} if address else None

    def forgive(self) -> None:
        """Takes this attempt out of the count, because it succeeded."""
        if self.key is not None:
            attempts = self.cache.get(self.key, [])
            self.cache.set(self.key, [attempt for attempt in attempts if attempt != self.now], MINUTE)


class LoginView(TokenObtainPairView):
    """{username, password} to {access, refresh}."""

    serializer_class = LoginSerializer

    def get_throttles(self) -> list[BaseThrottle]:
        # Each attempt counts from its start until it succeeds, so that parallel ones cannot exceed the limit together.
        self._failures = FailedLogins()
        return [self._failures]

    def throttled(self, request: Request, wait: float | None) -> NoReturn:  # noqa: ARG002 - its signature
        raise TooManyFailedLogins(wait)

    @extend_schema(request=openapi.request(Credentials), responses=openapi.responses(TokenPair, 400, 401, 429))
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().post(request, *args, **kwargs)
        self._failures.forgive()
        return response


class RefreshView(TokenRefreshView):
    """{refresh} to {access, refresh}; the old refresh token is revoked."""

    serializer_class = RefreshSerializer

    @extend_schema(request=openapi.request(RefreshToken), responses=openapi.responses(TokenPair, 400, 401))
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().post(request, *args, **kwargs)


class LogoutSerializer(TokenBlacklistSerializer):
    """{refresh} to nothing: revokes the token and closes the sockets of its login. The token is the only proof needed."""

    def validate(self, attrs: dict[str, Any]) -> dict[Any, Any]:
        token = self.token_class(attrs["refresh"])
        token.blacklist()
        _end(str(token.get(LOGIN_CLAIM, "")))
        return {}


class LogoutView(TokenBlacklistView):
    """{refresh} to nothing; revokes the token and closes the sockets of its login."""

    serializer_class = LogoutSerializer

    @extend_schema(request=openapi.request(RefreshToken), responses=openapi.responses(None, 400, 401, status=204))
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        super().post(request, *args, **kwargs)
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
    path("me/", me),
]
