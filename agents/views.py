"""The agents over HTTP: how they are, and the switch."""

from datetime import timedelta
from typing import Any, cast

import msgspec
from django.contrib.auth.models import User
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import (
    BooleanField,
    CharField,
    FloatField,
    IntegerField,
    ListField,
    Serializer,
    ValidationError,
)
from rest_framework.views import APIView

from agents import metrics, samples, switches
from agents.bodies import AgentChange, AgentStatusBody, AgentSwitch
from agents.bodies import AgentDetail as AgentDetailBody
from agents.bodies import AgentHistory as AgentHistoryBody
from agents.models import LEAST_WEIGHT, MOST_CONCURRENT, MOST_WEIGHT, WHY_LENGTH, Agent
from agents.openapi import request as request_body
from agents.openapi import responses
from agents.registration_views import RegistersAgents, RemovesAgents

SAMPLES_SHOWN = timedelta(hours=1)
CHANGES_SHOWN = 20
MOST_ACTIVE = 50  # agents whose activity is read together
MOST_ACTIVE_HOURS = 6
MOST_HOURS = int(samples.KEEP / timedelta(hours=1))


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

    enabled = BooleanField(required=False)
    draining = BooleanField(required=False)
    max_concurrent = IntegerField(required=False, min_value=1, max_value=MOST_CONCURRENT)
    weight = FloatField(required=False, min_value=LEAST_WEIGHT, max_value=MOST_WEIGHT)
    why = CharField(max_length=WHY_LENGTH, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The columns that are to change, and why."""
        if attrs.keys() == {"why"}:
            raise ValidationError("Say what to change: enabled, draining, max_concurrent or weight.")
        return {{"enabled": "is_enabled", "draining": "is_draining"}.get(name, name): attrs[name] for name in attrs}


class AgentList(RegistersAgents):
    """Every agent with its skills and metrics."""

    permission_classes = (IsAuthenticated, MayViewAgents, MayChangeAgents)

    @extend_schema(operation_id="agents_list", responses=responses(list[AgentStatusBody], 401, 403))
    def get(self, request: Request) -> Response:
        """The same bodies as in the snapshot of the room of all agents."""
        return Response(metrics.statuses(Agent.objects.all(), _person(request)))


class AgentDetail(RemovesAgents):
    """One agent, with the samples of the last hour."""

    permission_classes = (IsAuthenticated, MayViewAgents, MayChangeAgents)

    @extend_schema(operation_id="agents_retrieve", responses=responses(AgentDetailBody, 401, 403, 404))
    def get(self, request: Request, name: str) -> Response:
        """Its status, its skills with their JSON Schemas, what it did minute by minute, and what people changed."""
        return Response(_detail(get_object_or_404(Agent, name=name), _person(request)))

    @extend_schema(
        operation_id="agents_partial_update",
        request=request_body(AgentSwitch),
        responses=responses(AgentDetailBody, 400, 401, 403, 404),
    )
    def patch(self, request: Request, name: str) -> Response:
        """Switches it on or off, lets it drain, changes its capacity or weight (permission `agents.change_agent`).

        What it has in hand comes to its end.
        """
        row = get_object_or_404(Agent, name=name)
        switch = SwitchSerializer(data=request.data)
        switch.is_valid(raise_exception=True)
        switches.change([row.name], by=_person(request).username, **switch.validated_data)
        row.refresh_from_db()
        return Response(_detail(row, _person(request)))


class AgentHistory(APIView):
    """What an agent did in the last hours, or days."""

    permission_classes = (IsAuthenticated, MayViewAgents)

    @extend_schema(
        operation_id="agents_history",
        parameters=[OpenApiParameter("hours", {"type": "integer", "minimum": 1, "maximum": MOST_HOURS, "default": 24})],
        responses=responses(AgentHistoryBody, 400, 401, 403, 404),
    )
    def get(self, request: Request, name: str) -> Response:
        """Its calls and errors, and what half and 95 % of the calls took at most; in at most 300 samples."""
        asked = HoursSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        history = samples.history(get_object_or_404(Agent, name=name), asked.validated_data["hours"])
        return Response(msgspec.to_builtins(history))


class Activity(APIView):
    """What several agents did lately."""

    permission_classes = (IsAuthenticated, MayViewAgents)

    @extend_schema(
        parameters=[
            OpenApiParameter("agent", str, many=True, description=f"Their names, {MOST_ACTIVE} at most."),
            OpenApiParameter("hours", {"type": "integer", "minimum": 1, "maximum": MOST_ACTIVE_HOURS, "default": 1}),
        ],
        responses=responses(list[AgentHistoryBody], 400, 401, 403),
    )
    def get(self, request: Request) -> Response:
        """For small charts: their histories, in at most 20 samples each. Unknown names are left out."""
        asked = ActivitySerializer(data={**request.query_params.dict(), "agent": request.query_params.getlist("agent")})
        asked.is_valid(raise_exception=True)
        found = samples.histories(asked.validated_data["agent"], asked.validated_data["hours"])
        return Response(msgspec.to_builtins(found))


class ActivitySerializer(Serializer[Any]):
    """The query of the activity of several agents."""

    agent = ListField(child=CharField(max_length=64), max_length=MOST_ACTIVE)
    hours = IntegerField(required=False, default=1, min_value=1, max_value=MOST_ACTIVE_HOURS)


class HoursSerializer(Serializer[Any]):
    """The query of a history."""

    hours = IntegerField(required=False, default=24, min_value=1, max_value=MOST_HOURS)


def _person(request: Request) -> User:
    return cast(User, request.user)  # the permissions let nobody else in


def _detail(row: Agent, watcher: User) -> object:
    (status,) = metrics.statuses([row], watcher)
    changes = msgspec.convert(list(row.changes.all()[:CHANGES_SHOWN]), list[AgentChange], from_attributes=True)
    lately = samples.since(row, timezone.now() - SAMPLES_SHOWN)
    return msgspec.to_builtins({**status, "skills": row.skills, "samples": lately, "changes": changes})
