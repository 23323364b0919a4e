"""Access tokens for tests, made without signing in."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.contrib.auth.models import User
from rest_framework_simplejwt.tokens import AccessToken

from accounts.logins import LOGIN_CLAIM


def token_of(user: User, *, seconds: float = 900, login: str = "", age: float = 0) -> str:
    """A token that was given `age` seconds ago, for the login of that name, and expires in so many seconds."""
    token = AccessToken()
    token.set_iat(at_time=datetime.now(UTC) - timedelta(seconds=age))
    token["user_id"] = str(user.pk)
    token[LOGIN_CLAIM] = login or uuid4().hex
    token.set_exp(lifetime=timedelta(seconds=seconds))
    return str(token)
