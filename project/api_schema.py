"""The OpenAPI document. It is made once: to write it takes longer than any answer that it describes."""

from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from workflows import pipelines

_written: Final[dict[object, bytes]] = {}


class TokenScheme(SimpleJWTScheme):  # type: ignore[no-untyped-call]
    """How requests are authenticated. To be imported is enough."""

    target_class = "project.authentication.TokenAuthentication"


class ApiSchema(SpectacularAPIView):
    """The document, as JSON or YAML."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What was written before, unless other pipelines are registered now."""
        media_type = str(request.accepted_renderer.media_type)
        key = (media_type, *(pipeline.name for pipeline in pipelines.known()))
        if key in _written and not request.query_params:
            return HttpResponse(_written[key], content_type=media_type)
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        if not request.query_params:
            response.add_post_render_callback(lambda done: _written.__setitem__(key, done.content))
        return response
