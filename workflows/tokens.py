"""Tokens that are good for one workflow only, for programs and pages that get nobody's password.

A workflow token opens the doors that show or control this workflow. An embed token stands in the link of its embed page,
and opens only that. Each has a type of its own: whatever expects an access token refuses it.
"""

from datetime import timedelta
from typing import Final, TypeVar

from django.contrib.auth.models import User
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import Token

from accounts.logins import LOGIN_CLAIM as LOGIN_CLAIM
from agents.errors import PermissionDenied
from workflows.access import Grant

DEFAULT_SECONDS: Final = 3_600


class WorkflowToken(Token):
    """Watches one workflow, or controls it, too."""

    token_type = "workflow"  # noqa: S105 - the name of a kind
    lifetime = timedelta(seconds=DEFAULT_SECONDS)

    @property
    def grant(self) -> Grant:
        """What it allows."""
        return Grant(str(self["workflow"]), "control" if self["may"] == "control" else "watch")


class EmbedToken(WorkflowToken):
    """Opens the embed page of one workflow."""

    token_type = "embed"  # noqa: S105 - likewise


Kind = TypeVar("Kind", bound=WorkflowToken)


class OneWorkflowOnly(PermissionDenied):
    """This token is good for one workflow only, and not for this."""

    error_type = "PermissionDenied"


def make(kind: type[Kind], user: User, login: str, grant: Grant, seconds: int) -> Kind:
    """A token for what the grant says, which `user` must be allowed to; it ends with the login, and after `seconds`."""
    token = kind()
    token["user_id"] = str(user.pk)
    token[LOGIN_CLAIM] = login
    token["workflow"], token["may"] = grant
    token.set_exp(lifetime=timedelta(seconds=seconds))
    return token


def is_workflow_token(token: str) -> bool:
    """Whether it is one of ours that has not expired; whether it is good for something is another question."""
    try:
        WorkflowToken(token)  # type: ignore[arg-type]
    except (TokenError, ValueError):
        return False
    return True
