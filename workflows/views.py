"""Workflows over HTTP: each view parses, calls the coordinator or reads, and answers."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast
from uuid import UUID

import msgspec
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from agents.errors import TargetNotFound
from agents.models import Agent
from agents.openapi import refusals, responses
from agents.timestamps import iso_timestamp
from agents.views import MayViewAgents
from agents.work import Work
from workflows import (
    access,
    agent_work,
    beginnings,
    coordinator,
    deletion,
    folding,
    forecasts,
    listing,
    pipelines,
    quotas,
    serializers,
    snapshots,
)
from workflows.artifacts.archive import archive_response, entries_of
from workflows.artifacts.downloads import download_response
from workflows.artifacts.links import ARCHIVE, is_signed, signed_archive_url
from workflows.artifacts.thumbnails import WIDTHS, thumbnail_response
from workflows.bodies import (
    AgentWork,
    Archive,
    ArtifactPage,
    ControlAnswer,
    CoordinatorMetrics,
    CreatedWorkflow,
    Forecast,
    PipelineBody,
    StoredBytes,
    TaskPage,
    WorkflowPage,
    WorkflowSnapshot,
)
from workflows.errors import UnknownPipeline
from workflows.lifecycle import WorkflowState
from workflows.models import Artifact, Workflow

PAGE = OpenApiParameter("page", int, description="From 1.")
PAGE_SIZE = OpenApiParameter("page_size", int, description="Rows of a page: 25, at most 100.")
SEARCH = OpenApiParameter("search", str, description="Words, all of them in the title or the beginning of the input.")
OWNER = OpenApiParameter("owner", str, description="Only those of the user with this name.")
SORT = OpenApiParameter("sort", str, enum=listing.SORTS, description="Default: -created_at, the newest first.")
STATE = OpenApiParameter("state", str, many=True, enum=WorkflowState.values, description="Only these; may be repeated.")
STAGE = OpenApiParameter("stage", str, description="Only the tasks of this stage.")
CURSOR = OpenApiParameter("cursor", str, description="`next` of the page before; without it, the first page.")
SHOWN_WORK = 20  # tasks of an agent
SIGNED: Final = "signed link"  # where a request has no token
# The schema of `NewWorkflow` depends on the pipelines that are registered: see `workflows.openapi`.
NEW_WORKFLOW = {"application/json": {"$ref": "#/components/schemas/NewWorkflow"}}
SIGNATURE = [
    OpenApiParameter("expires", str, description="Of a signed link: until when it is good (Unix time)."),
    OpenApiParameter("signature", str, description="Of a signed link, in the place of a token."),
]
TOKEN_OR_NONE: list[Any] = [{"jwtAuth": []}, {}]  # as OpenAPI has it: one of these suffices
FILE = {
    (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The whole file, with its own media type."),
    (206, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The part that `Range` asks for."),
    416: OpenApiResponse(description="The range lies behind the end of the file."),
}


def _user(request: Request) -> User:
    return cast(User, request.user)


def visible_workflow(request: Request, workflow_id: UUID) -> Workflow:
    """The workflow, if the user may see it.

    Raises: TargetNotFound.
    """
    workflow = access.visible_to(_user(request)).filter(pk=workflow_id).first()
    if workflow is None:
        raise TargetNotFound
    return workflow


@extend_schema(operation_id="pipelines_list", responses=responses(list[PipelineBody], 401))
@api_view(["GET"])
def pipeline_list(_request: Request) -> Response:
    """The recipes that a workflow can be made from."""
    fields = ("name", "title", "description", "stages", "input_schema")
    lacking = pipelines.lacking()
    return Response(
        [
            {field: getattr(pipeline, field) for field in fields}
            | {"lacks": lacking[pipeline.name], "steps": msgspec.to_builtins(pipelines.step_bodies(pipeline))}
            for pipeline in pipelines.known()
        ]
    )


@extend_schema(
    operation_id="pipelines_estimate",
    request=serializers.ForecastSerializer,
    responses=responses(Forecast, 400, 401, 404),
)
@api_view(["POST"])
def pipeline_estimate(request: Request, name: str) -> Response:
    """How many shots a workflow with this input would have, and how long it would take. Starts nothing."""
    body = _validated(serializers.ForecastSerializer(data=request.data))
    try:
        return Response(forecasts.tell(pipeline=name, given=body["input"], to=_user(request)))
    except UnknownPipeline:
        raise TargetNotFound from None  # the address names it


class Pages(PageNumberPagination):
    """Pages of a list, of the size that is asked for."""

    page_size_query_param = "page_size"
    max_page_size = listing.MOST_ROWS


class WorkflowList(APIView):
    """Your workflows."""

    @extend_schema(
        operation_id="workflows_list",
        parameters=[SEARCH, STATE, OWNER, SORT, PAGE, PAGE_SIZE],
        responses=responses(WorkflowPage, 400, 401, 404),
    )
    def get(self, request: Request) -> Response:
        """Newest first. With `workflows.view_workflow`, everybody's. Without single tasks of agents, which came over A2A.

        Searching, and sorting by anything but `created_at`, look at the newest 10,000 that fit the other parameters.
        """
        workflows = listing.listed(_user(request), listing.ListQuery.of(request.query_params))
        paginator = Pages()
        # The keys alone: to pass over thousands of whole rows takes long.
        keys = paginator.paginate_queryset(workflows.values_list("pk", flat=True), request, view=self) or []
        return paginator.get_paginated_response(snapshots.workflow_summaries(keys))

    @extend_schema(request=NEW_WORKFLOW, responses=responses(CreatedWorkflow, 400, 401, 429, 503, 507, status=201))
    def post(self, request: Request) -> Response:
        """Starts a workflow."""
        body = _validated(serializers.NewWorkflowSerializer(data=request.data))
        workflow = coordinator.create(pipeline=body["pipeline"], given=body["input"], owner=_user(request))
        return Response({"id": str(workflow.pk)}, status=201)


def _validated(serializer: Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return cast(dict[str, Any], serializer.validated_data)


@access.takes_workflow_tokens("GET")
class WorkflowDetail(APIView):
    """One workflow."""

    @extend_schema(responses=responses(WorkflowSnapshot, 401, 404))
    def get(self, request: Request, workflow_id: UUID) -> Response:
        """The snapshot of one workflow."""
        return Response(snapshots.workflow_snapshot(visible_workflow(request, workflow_id)))

    @extend_schema(responses=responses(None, 401, 403, 404, 409, status=204))
    def delete(self, request: Request, workflow_id: UUID) -> Response:
        """Deletes a workflow that has ended, with its files. Yours, or with `workflows.delete_workflow` anybody's."""
        deletion.delete(workflow=visible_workflow(request, workflow_id), by=_user(request))
        return Response(status=204)


@extend_schema(responses=responses(StoredBytes, 401))
@api_view(["GET"])
def stored_bytes(request: Request) -> Response:
    """What the files of your workflows, and the books that they were made from, take, and may take."""
    return Response({"stored_bytes": quotas.stored_bytes(_user(request)), "limit_bytes": quotas.stored_bytes_limit()})


@access.takes_workflow_tokens("GET")
@extend_schema(operation_id="workflows_beginning_retrieve", responses=responses(WorkflowSnapshot, 401, 404))
@api_view(["GET"])
def workflow_beginning(request: Request, workflow_id: UUID) -> Response:
    """The snapshot before its first event: with its events applied, it shows the workflow as it was at any of them."""
    return Response(beginnings.beginning(visible_workflow(request, workflow_id)))


@access.takes_workflow_tokens("GET")
@extend_schema(
    operation_id="workflows_tasks_list", parameters=[STAGE, CURSOR], responses=responses(TaskPage, 400, 401, 404)
)
@api_view(["GET"])
def workflow_tasks(request: Request, workflow_id: UUID) -> Response:
    """Its tasks in the order of the film, 100 a page: also those that the snapshot of a large workflow leaves out."""
    workflow, given = visible_workflow(request, workflow_id), request.query_params
    return Response(snapshots.task_page(workflow, stage=given.get("stage", ""), cursor=given.get("cursor", "")))


@access.takes_workflow_tokens("GET")
@extend_schema(
    operation_id="workflows_artifacts_list", parameters=[CURSOR], responses=responses(ArtifactPage, 400, 401, 404)
)
@api_view(["GET"])
def workflow_artifacts(request: Request, workflow_id: UUID) -> Response:
    """Its artifacts, the oldest first, 200 a page: also those that the snapshot of a large workflow leaves out."""
    workflow = visible_workflow(request, workflow_id)
    return Response(folding.artifact_page(workflow, cursor=request.query_params.get("cursor", "")))


@access.takes_workflow_tokens("POST")
@extend_schema(request=serializers.ControlSerializer, responses=responses(ControlAnswer, 400, 401, 403, 404))
@api_view(["POST"])
def workflow_control(request: Request, workflow_id: UUID) -> Response:
    """Pause, resume, cancel or retry. The same `request_id` again gives the same answer and acts once."""
    workflow = visible_workflow(request, workflow_id)
    body = _validated(serializers.ControlSerializer(data=request.data))
    control = coordinator.control(workflow=workflow, by=_user(request), **body)
    fields = ("request_id", "status", "reason", "outcome")
    return Response({field: getattr(control, field) for field in fields})


@extend_schema(
    request=serializers.RerunSerializer,
    responses=responses(CreatedWorkflow, 400, 401, 403, 404, 409, 429, 503, 507, status=201),
)
@api_view(["POST"])
def workflow_rerun(request: Request, workflow_id: UUID) -> Response:
    """Starts a new workflow that does a task, and what depends on it, again, and reuses all other outputs.

    Not while it works: 409.
    """
    workflow = visible_workflow(request, workflow_id)
    body = _validated(serializers.RerunSerializer(data=request.data))
    new = coordinator.rerun(
        workflow=workflow,
        by=_user(request),
        from_task=body["from"],
        given=body.get("input"),
        changes=body.get("with"),
    )
    return Response({"id": str(new.pk)}, status=201)


class TokenUnlessSigned(BaseAuthentication):
    """Does not look at the token of a request with a signed link: an A2A client may send one that is good elsewhere only."""

    def __init__(self) -> None:
        self._by_token = cast(type[BaseAuthentication], api_settings.DEFAULT_AUTHENTICATION_CLASSES[0])()

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The user and the token, or None."""
        return (AnonymousUser(), SIGNED) if self._has_signature(request) else self._by_token.authenticate(request)

    def signed_for(self, request: Request) -> str:
        """What of the workflow a link must be signed for: the id of an artifact, or the archive."""
        return str(request.parser_context["kwargs"].get("artifact_id", ARCHIVE))

    def _has_signature(self, request: Request) -> bool:
        workflow, given = str(request.parser_context["kwargs"]["workflow_id"]), request.query_params
        return is_signed(workflow, self.signed_for(request), given.get("expires", ""), given.get("signature", ""))

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return str(self._by_token.authenticate_header(request))


@access.takes_workflow_tokens("GET", "HEAD")
@extend_schema(
    auth=TOKEN_OR_NONE,
    parameters=[
        *SIGNATURE,
        OpenApiParameter("download", bool, description="Ask the browser to save it."),
        OpenApiParameter(
            "width", int, enum=WIDTHS, description="Of a picture: in small, so many pixels wide, as WebP."
        ),
    ],
    responses={**FILE, **refusals(400, 401, 404, 415, 503)},
)
@api_view(["GET", "HEAD"])
@authentication_classes([TokenUnlessSigned])
@permission_classes([AllowAny])
def artifact_file(request: Request, workflow_id: UUID, artifact_id: UUID) -> HttpResponseBase:
    """The file of an artifact, for those who may see the workflow (token), or with the signed link of `artifacts[].url`."""
    if request.auth != SIGNED:
        visible_workflow(request, workflow_id)
    artifact = Artifact.objects.filter(pk=artifact_id, workflow_id=workflow_id).first()
    if artifact is None:
        raise TargetNotFound("There is no such artifact, or it is not yours to see.")
    if width := request.query_params.get("width"):
        return thumbnail_response(cast(HttpRequest, request), artifact, width)
    return download_response(cast(HttpRequest, request), artifact)


@extend_schema(operation_id="agents_work", responses=responses(AgentWork, 401, 403, 404))
@api_view(["GET"])
@permission_classes([IsAuthenticated, MayViewAgents])
def agent_work_list(request: Request, name: str) -> Response:
    """What an agent does now and has failed at lately, of what you may see; at most 20 each."""
    if not Agent.objects.filter(name=name).exists():
        raise TargetNotFound
    running = agent_work.running([name], _user(request)).get(name, [])[:SHOWN_WORK]
    failures = agent_work.failures(name, _user(request))[:SHOWN_WORK]
    pictures = snapshots.pictures({item.workflow_id for item in (*running, *failures)})
    return Response({"running": _work_bodies(running, pictures), "failures": _work_bodies(failures, pictures)})


def _work_bodies(items: Iterable[Work], pictures: Mapping[str, str | None]) -> list[dict[str, Any]]:
    return [
        {
            "workflow_id": item.workflow_id,
            "title": item.title,
            "task": item.task,
            "at": iso_timestamp(item.at),
            "problem": item.problem,
            "picture": pictures.get(item.workflow_id),
        }
        for item in items
    ]


@extend_schema(responses=responses(CoordinatorMetrics, 401, 403))
@api_view(["GET"])
@permission_classes([IsAuthenticated, MayViewAgents])
def coordinator_metrics(_request: Request) -> Response:
    """The coordinator's metrics: the body of the `coordinator_metrics` message."""
    return Response(snapshots.coordinator_metrics())


@access.takes_workflow_tokens("GET")
@extend_schema(operation_id="workflows_archive", responses=responses(Archive, 401, 404))
@api_view(["GET"])
def workflow_archive(request: Request, workflow_id: UUID) -> Response:
    """All that it has made, as one ZIP file: how much that is, and a signed link to it."""
    entries = entries_of(visible_workflow(request, workflow_id))
    size = sum(entry.artifact.size for entry in entries)
    return Response(
        msgspec.to_builtins(Archive(url=signed_archive_url(str(workflow_id)), files=len(entries), bytes=size))
    )


@access.takes_workflow_tokens("GET")
@extend_schema(
    operation_id="workflows_archive_file",
    auth=TOKEN_OR_NONE,
    parameters=SIGNATURE,
    responses={
        (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The ZIP file."),
        **refusals(401, 404),
    },
)
@api_view(["GET"])
@authentication_classes([TokenUnlessSigned])
@permission_classes([AllowAny])
def archive_file(request: Request, workflow_id: UUID) -> HttpResponseBase:
    """All that it has made as a ZIP file, for those who may see the workflow (token), or with the signed link."""
    if request.auth != SIGNED:
        return archive_response(visible_workflow(request, workflow_id))
    workflow = Workflow.objects.filter(pk=workflow_id).first()
    if workflow is None:
        raise TargetNotFound
    return archive_response(workflow)
