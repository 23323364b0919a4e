"""/api/workflows/{id}/export/: what a workflow is taken along as."""

from typing import Any, cast
from uuid import UUID

import msgspec
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.errors import TargetNotFound
from agents.openapi import refusals, responses
from workflows import access
from workflows.artifacts.exports import NAMES, export_response, exports_of
from workflows.artifacts.links import export_name
from workflows.bodies import Exports
from workflows.models import Workflow
from workflows.views import SIGNATURE, SIGNED, TOKEN_OR_NONE, TokenUnlessSigned, visible_workflow


class ExportTokenUnlessSigned(TokenUnlessSigned):
    """As that, but a link is good for one format, of one episode."""

    def signed_for(self, request: Request) -> str:
        """What the link must be signed for."""
        given = request.query_params
        return export_name(given.get("format", ""), given.get("episode", ""))


class _AlwaysJson(BaseContentNegotiation):
    """`format` is ours here, not REST framework's."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:  # noqa: ANN401, ARG002
        return renderers[0], renderers[0].media_type

    def select_parser(self, request: Request, parsers: Any) -> Any:  # noqa: ANN401, ARG002
        return parsers[0]


@access.takes_workflow_tokens("GET")
class WorkflowExport(APIView):
    """Take-along files."""

    authentication_classes = (ExportTokenUnlessSigned,)
    permission_classes = (AllowAny,)
    content_negotiation_class = _AlwaysJson
    http_method_names = ("get", "options")  # no HEAD: a file that is made on the way would be made for it

    @extend_schema(
        operation_id="workflows_export",
        auth=TOKEN_OR_NONE,
        parameters=[
            OpenApiParameter("format", str, enum=NAMES, description="Without it, the list of what there is."),
            OpenApiParameter("episode", int, description="Of a series, from 1. Without it, the first that is there."),
            *SIGNATURE,
        ],
        responses={
            **responses(Exports, 400, 401, 404, 409),
            (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "With `format`: the file."),
            **refusals(400, 401, 404, 409),
        },
    )
    def get(self, request: Request, workflow_id: UUID) -> HttpResponseBase:
        """A file to take along, for those who may see the workflow (token), or with its signed link; or all that there are.

        Not there yet: 409. Not made by this workflow: 404.
        """
        workflow = self._workflow(request, workflow_id)
        given = request.query_params
        if "format" not in given:
            return Response(msgspec.to_builtins(Exports(exports=exports_of(workflow))))
        return export_response(cast(HttpRequest, request), workflow, given["format"], given.get("episode", ""))

    def _workflow(self, request: Request, workflow_id: UUID) -> Workflow:
        if request.auth != SIGNED:
            return visible_workflow(request, workflow_id)
        workflow = Workflow.objects.filter(pk=workflow_id).first()
        if workflow is None:
            raise TargetNotFound
        return workflow
