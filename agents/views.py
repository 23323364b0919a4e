"""The agents over HTTP: read only. Operators enable and disable them in the admin."""

from datetime import timedelta

import msgspec
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import metrics
from agents.bodies import AgentDetail as AgentDetailBody
from agents.bodies import AgentMinute, AgentStatusBody
from agents.models import Agent
from agents.openapi import responses

SAMPLES_SHOWN = timedelta(hours=1)


class MayViewAgents(BasePermission):
    """You may not see the agents."""

    message = __doc__

    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 - DRF's signature
        return request.user.has_perm("agents.view_agent")


class AgentList(APIView):
    """Every agent with its skills and metrics."""

    permission_classes = (IsAuthenticated, MayViewAgents)

    @extend_schema(operation_id="agents_list", responses=responses(list[AgentStatusBody], 401, 403))
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """The same bodies as the `agent_status` messages."""
        return Response(metrics.all_statuses())


class AgentDetail(APIView):
    """One agent, with the samples of the last hour."""

    permission_classes = (IsAuthenticated, MayViewAgents)

    @extend_schema(operation_id="agents_retrieve", responses=responses(AgentDetailBody, 401, 403, 404))
    def get(self, request: Request, name: str) -> Response:  # noqa: ARG002 - DRF's signature
        """Its status, its skills with their JSON Schemas, and what it did minute by minute."""
        row = get_object_or_404(Agent, name=name)
        samples = metrics.samples_since(row, timezone.now() - SAMPLES_SHOWN)
        minutes = msgspec.convert(list(samples), list[AgentMinute], from_attributes=True)
        body = {**metrics.status_of(row), "skills": row.skills, "samples": minutes}
        return Response(msgspec.to_builtins(body))
