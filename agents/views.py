"""The agents over HTTP: how they are, and the switch."""

from datetime import timedelta
from typing import Any

import msgspec
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BooleanField, CharField, Serializer
from rest_framework.views import APIView

from agents import metrics, registry
from agents.bodies import AgentDetail as AgentDetailBody
from agents.bodies import AgentMinute, AgentStatusBody, AgentSwitch
from agents.models import WHY_LENGTH, Agent
from agents.openapi import request as request_body
from agents.openapi import responses
from agents.registration_views import RegistersAgents, RemovesAgents

SAMPLES_SHOWN = timedelta(hours=1)


class MayViewAgents(BasePermission):
    """You may not see the agents."""

    message = __doc__

    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 - DRF's signature
        return request.user.has_perm("agents.view_agent")


class MayChangeAgents(BasePermission):
    """You may not change the agents."""

    message = __doc__

    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 - DRF's signature
        return request.method in SAFE_METHODS or request.user.has_perm("agents.change_agent")


class SwitchSerializer(Serializer[Any]):
    """The shape of `AgentSwitch`."""

    enabled = BooleanField()
    why = CharField(max_length=WHY_LENGTH, required=False, allow_blank=True, default="")


class AgentList(RegistersAgents):
    """Every agent with its skills and metrics."""

    permission_classes = (IsAuthenticated, MayViewAgents, MayChangeAgents)

    @extend_schema(operation_id="agents_list", responses=responses(list[AgentStatusBody], 401, 403))
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """The same bodies as the `agent_status` messages."""
        return Response(metrics.all_statuses())


class AgentDetail(RemovesAgents):
    """One agent, with the samples of the last hour."""

    permission_classes = (IsAuthenticated, MayViewAgents, MayChangeAgents)

    @extend_schema(operation_id="agents_retrieve", responses=responses(AgentDetailBody, 401, 403, 404))
    def get(self, request: Request, name: str) -> Response:  # noqa: ARG002 - DRF's signature
        """Its status, its skills with their JSON Schemas, and what it did minute by minute."""
        return Response(_detail(get_object_or_404(Agent, name=name)))

    @extend_schema(
        operation_id="agents_partial_update",
        request=request_body(AgentSwitch),
        responses=responses(AgentDetailBody, 400, 401, 403, 404),
    )
    def patch(self, request: Request, name: str) -> Response:
        """Switches it on or off (permission `agents.change_agent`). What it has in hand comes to its end."""
        row = get_object_or_404(Agent, name=name)
        switch = SwitchSerializer(data=request.data)
        switch.is_valid(raise_exception=True)
        wanted = switch.validated_data
        by = request.user.get_username()
        registry.set_enabled([row.name], is_enabled=wanted["enabled"], by=by, why=wanted["why"])
        row.refresh_from_db()
        return Response(_detail(row))


def _detail(row: Agent) -> object:
    samples = metrics.samples_since(row, timezone.now() - SAMPLES_SHOWN)
    minutes = msgspec.convert(list(samples), list[AgentMinute], from_attributes=True)
    body = {**metrics.status_of(row), "skills": row.skills, "samples": minutes}
    return msgspec.to_builtins(body)
