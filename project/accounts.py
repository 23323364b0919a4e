"""/api/auth/: who signs in, stays signed in, and signs out. All tokens of one login share a claim, through every rotation."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist
from django.urls import path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer, TokenRefreshSerializer
from rest_framework_simplejwt.tokens import RefreshToken, Token
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from realtime.authentication import LOGIN_CLAIM
from realtime.broadcaster import end_login

REFRESH = inline_serializer("Logout", {"refresh": serializers.CharField()})
PERSON = inline_serializer(
    "Me",
    {
        "username": serializers.CharField(),
        "can_view_agents": serializers.BooleanField(),
        "is_staff": serializers.BooleanField(),
    },
)


class LoginSerializer(TokenObtainPairSerializer):
    """Username and password to tokens that name their login."""

    @classmethod
    def get_token(cls, user: User) -> Token:  # type: ignore[override]
        token = super().get_token(user)
        token[LOGIN_CLAIM] = uuid.uuid4().hex
        return token


class RenewalSerializer(TokenRefreshSerializer):
    """A refresh token to a new pair."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        try:
            return super().validate(attrs)
        except ObjectDoesNotExist:  # its user is gone
            raise InvalidToken from None


class LoginView(TokenObtainPairView):
    """{username, password} to {access, refresh}."""

    serializer_class = LoginSerializer


class RenewalView(TokenRefreshView):
    """{refresh} to {access, refresh}; the old refresh token is good no more."""

    serializer_class = RenewalSerializer


@extend_schema(request=REFRESH, responses={204: None})
@api_view(["POST"])
@authentication_classes([])
@permission_classes([AllowAny])
def logout(request: Request) -> Response:
    """Revokes the refresh token and closes the sockets of its login. Whoever has the token may end it."""
    body = request.data if isinstance(request.data, dict) else {}
    try:
        token = RefreshToken(body.get("refresh"))
        token.blacklist()
    except TokenError as error:
        raise InvalidToken(str(error)) from None
    if login := token.get(LOGIN_CLAIM):
        end_login(str(login))
    return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(responses=PERSON)
@api_view(["GET"])
def me(request: Request) -> Response:
    """Who is asking, and what the pages may offer them."""
    if not request.user.is_authenticated:
        raise NotAuthenticated
    user = request.user
    can_view_agents = user.has_perm("agents.view_agent")
    return Response({"username": user.username, "can_view_agents": can_view_agents, "is_staff": user.is_staff})


urlpatterns = [
    path("token/", LoginView.as_view()),
    path("token/refresh/", RenewalView.as_view()),
    path("logout/", logout),
    path("me/", me),
]
