"""Pictures that users bring along, over HTTP."""

from typing import cast
from uuid import UUID

import msgspec
from django.contrib.auth.models import User
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.animatic.pictures import MEDIA_TYPE
from agents.contract import UnusableInput
from agents.openapi import refusals, responses
from agents.studio.pictures import picture_of
from workflows import pictures, quotas
from workflows.bodies import PictureBody
from workflows.errors import InvalidInput


class PictureList(APIView):
    """Where pictures are brought."""

    @extend_schema(
        operation_id="pictures_create",
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses=responses(PictureBody, 400, 401, 413, 429, 500, 507, status=201),
    )
    def post(self, request: Request) -> Response:
        """Keeps a picture, from a file as the body (JPEG, PNG or WebP), for `pictures` of a workflow's input.

        It is drawn anew at no more than 1,024 pixels: where it was taken, and whatever else the file says, is not kept.
        One that no workflow uses within a day is deleted.
        """
        user = cast(User, request.user)
        content: bytes = request.body  # as it is, whatever type it says it has
        if not content:
            raise InvalidInput("The file is empty.", fields={"picture": "The file is empty."})
        quotas.check_new_picture(user)  # before it costs anything
        try:
            upload = picture_of(content)
        except UnusableInput as error:
            raise InvalidInput(error.message, fields={"picture": error.message}) from error
        picture = pictures.add(upload, owner=user)
        body = PictureBody(id=str(picture.pk), width=picture.width, height=picture.height, bytes=picture.size)
        return Response(msgspec.to_builtins(body), status=201)


class PictureDetail(APIView):
    """One picture of yours."""

    @extend_schema(
        operation_id="pictures_retrieve",
        responses={
            (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The picture, a JPEG."),
            **refusals(401, 404),
        },
    )
    def get(self, request: Request, picture_id: UUID) -> HttpResponse:
        """The picture as it is kept. There are no links to it that others could use."""
        picture = pictures.of(cast(User, request.user), picture_id)
        with picture.file.open("rb") as file:  # it is small
            response = HttpResponse(file.read(), content_type=MEDIA_TYPE)
        response["Cache-Control"] = "private, no-store"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    @extend_schema(operation_id="pictures_destroy", responses=responses(None, 401, 404, 409, status=204))
    def delete(self, request: Request, picture_id: UUID) -> Response:
        """Deletes a picture that no workflow uses. The others go with the last workflow that uses them."""
        pictures.remove(pictures.of(cast(User, request.user), picture_id))
        return Response(status=204)
