"""POST /api/workflows/{id}/tokens/: tokens that are good for one workflow only, and the link of its embed page."""

from typing import Annotated, Any, cast, get_args
from uuid import UUID

import msgspec
from django.conf import settings
from django.contrib.auth.models import User
from drf_spectacular.utils import extend_schema
from msgspec import Meta, Struct
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ChoiceField, IntegerField, Serializer, ValidationError
from rest_framework_simplejwt.tokens import Token

from accounts import audit, sign_ins
from agents import openapi
from agents.bodies import Timestamp
from agents.errors import PermissionDenied
from project import embedding
from realtime.wire.types import moment
from workflows import access, tokens
from workflows.access import Grant, May
from workflows.tokens import LOGIN_CLAIM, EmbedToken, WorkflowToken
from workflows.views import visible_workflow

Seconds = Annotated[int, Meta(ge=1, description="How long it is to be good, within what the server allows.")]


class NewWorkflowToken(Struct, kw_only=True, frozen=True):
    """What a token for one workflow is to be good for."""

    may: May = "watch"
    seconds: Seconds = tokens.DEFAULT_SECONDS


class WorkflowTokenBody(Struct, kw_only=True, frozen=True):
    """A token for one workflow. `embed_url` shows it in an <iframe>, for as long; null where embedding is switched off."""

    token: str
    may: May
    expires_at: Timestamp
    embed_url: str | None


class NewTokenSerializer(Serializer[Any]):
    """The shape of `NewWorkflowToken`."""

    may = ChoiceField(get_args(May), default="watch")
    seconds = IntegerField(min_value=1, required=False)

    def validate_seconds(self, seconds: int) -> int:
        """Within the limit of this installation."""
        if seconds > settings.WORKFLOW_TOKEN_SECONDS:
            raise ValidationError(f"At most {settings.WORKFLOW_TOKEN_SECONDS} here (WORKFLOW_TOKEN_SECONDS).")
        return seconds


@extend_schema(
    operation_id="workflows_tokens_create",
    request=openapi.request(NewWorkflowToken),
    responses=openapi.responses(WorkflowTokenBody, 400, 401, 403, 404),
)
@api_view(["POST"])
def make(request: Request, workflow_id: UUID) -> Response:
    """A token that is good for this workflow only: to watch it, or also to control it, as long as you may, and are signed in."""
    user, workflow = cast(User, request.user), visible_workflow(request, workflow_id)
    wanted = NewTokenSerializer(data=request.data)
    wanted.is_valid(raise_exception=True)
    may: May = wanted.validated_data["may"]
    if may == "control" and not access.may_control(user, workflow):
        raise PermissionDenied("You may watch this workflow, but not control it.")
    login = str(cast(Token, request.auth).get(LOGIN_CLAIM, ""))
    seconds = wanted.validated_data.get("seconds", min(tokens.DEFAULT_SECONDS, settings.WORKFLOW_TOKEN_SECONDS))
    token = tokens.make(WorkflowToken, user, login, Grant(str(workflow.pk), may), seconds)
    audit.record(
        "made_token",
        user=user.get_username(),
        address=sign_ins.address_of(request._request),  # noqa: SLF001 - Django's own
        subject=f"workflow {workflow.pk}",
        outcome=f"{may}, {seconds} s",
    )
    link = tokens.make(EmbedToken, user, login, Grant(str(workflow.pk), "watch"), seconds)
    body = WorkflowTokenBody(
        token=str(token), may=may, expires_at=moment(token["exp"]), embed_url=embedding.url(request, link)
    )
    return Response(msgspec.to_builtins(body))
