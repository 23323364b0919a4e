"""Registering and removing remote agents over HTTP: parts of the views in `agents.views`."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import CharField, IntegerField, Serializer
from rest_framework.views import APIView

from accounts import audit
from agents import metrics
from agents.bodies import AgentRegistration, AgentStatusBody
from agents.models import Agent
from agents.openapi import request as request_body
from agents.openapi import responses


class RegistrationSerializer(Serializer[Any]):
    """The shape of `AgentRegistration`."""

    url = CharField(max_length=500)
    name = CharField(max_length=64, required=False, allow_blank=True, default="")
    bearer_env = CharField(max_length=100, required=False, allow_blank=True, default="")
    credential = CharField(max_length=4_096, required=False, allow_blank=True, default="", write_only=True)
    max_concurrent = IntegerField(required=False, min_value=1, max_value=10_000)


class RegistersAgents(APIView):
    """The list of agents, which takes new ones."""

    @extend_schema(
        operation_id="agents_create",
        request=request_body(AgentRegistration),
        responses=responses(AgentStatusBody, 400, 401, 403, status=201),
    )
    def post(self, request: Request) -> Response:
        """Registers a remote agent by its URL (permission `agents.change_agent`). The answer waits for its card."""
        from agents.remote import registration  # noqa: PLC0415 - the SDK takes a second to load

        wanted = RegistrationSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        registration.check_may_be_named(wanted.validated_data["bearer_env"])
        row = registration.register(**wanted.validated_data)
        audit.record("registered_agent", user=request.user.get_username(), subject=f"agent {row.name}")
        return Response(metrics.status_of(row), status=201)


class RemovesAgents(APIView):
    """One agent, which can be removed if it is remote."""

    @extend_schema(operation_id="agents_destroy", responses=responses(None, 400, 401, 403, 404, status=204))
    def delete(self, request: Request, name: str) -> Response:
        """Removes a remote agent (permission `agents.change_agent`). What it has in hand is not waited for."""
        from agents.remote import registration  # noqa: PLC0415 - the SDK takes a second to load

        registration.remove(get_object_or_404(Agent, name=name).name)
        audit.record("removed_agent", user=request.user.get_username(), subject=f"agent {name}")
        return Response(status=204)
