"""Who a request over A2A comes from: an access token of a user, or the static token for machines."""

from typing import cast

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.crypto import constant_time_compare
from rest_framework.exceptions import APIException
from rest_framework.settings import api_settings
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import TokenError

from workflows.tokens import OneWorkflowOnly, is_workflow_token


def user_of(authorization: str) -> User | None:
    """The user whose token stands in this Authorization header; None when it is none, or not valid. Reads the database.

    Raises: OneWorkflowOnly.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not (token := token.strip()):
        return None
    if settings.A2A_TOKEN and constant_time_compare(token, settings.A2A_TOKEN):
        return _machine()
    authentication = cast(type[JWTAuthentication], api_settings.DEFAULT_AUTHENTICATION_CLASSES[0])()  # of the API
    try:
        user: User = authentication.get_user(authentication.get_validated_token(token.encode()))  # type: ignore[assignment]
    except (APIException, TokenError):
        if is_workflow_token(token):
            raise OneWorkflowOnly from None
        return None
    return user


def _machine() -> User | None:
    """The user whom the static token signs in; made when it is first needed. Nobody can sign in as it with a password."""
    user, is_new = User.objects.get_or_create(username=settings.A2A_USER)
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user if user.is_active else None
