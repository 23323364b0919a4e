"""/embed/{workflow}: a workflow in a frame of somebody else's page. HTML without a script, which asks anew while it runs.

A frame has nothing but its address to show who it is. So the link holds an embed token: signed, short-lived, good for this page
alone, ended with the login of who gave it away. It opens nothing of the API; the page's pictures have signed links of their own.
"""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from agents.errors import CallboardError, PermissionDenied, TargetNotFound
from realtime.connection.authentication import identify
from realtime.wire.errors import TokenExpired
from workflows import access, embedded
from workflows.tokens import EmbedToken

POLICY: Final = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors {ancestors}"
)


def url(request: Request, token: EmbedToken) -> str | None:
    """The link of the embed page that the token opens; None where embedding is switched off."""
    if not settings.EMBED_ANCESTORS:
        return None
    path = reverse("embed", args=(token.grant.workflow_id,))
    return f"{request.build_absolute_uri(path)}?token={token}"


@require_safe
@never_cache
@xframe_options_exempt  # its policy says who may frame it
def page(request: HttpRequest, workflow_id: UUID) -> HttpResponse:
    """The page, or a sentence that says why not."""
    try:
        context, status = _shown(request, workflow_id), 200
    except CallboardError as error:
        context, status = {"refusal": _sentence(error)}, error.http_status
    response = render(request, "workflows/embed.html", context, status=status)
    ancestors = " ".join(settings.EMBED_ANCESTORS) or "'none'"
    response["Content-Security-Policy"] = POLICY.format(ancestors=ancestors)
    response["Referrer-Policy"] = "no-referrer"  # the address is a key
    response["X-Robots-Tag"] = "noindex"
    return response


def _shown(request: HttpRequest, workflow_id: UUID) -> dict[str, Any]:
    if not settings.EMBED_ANCESTORS:
        raise PermissionDenied("Embedding is switched off here (EMBED_ANCESTORS).")
    user = identify(request.GET.get("token", ""), EmbedToken).user()
    workflow = access.visible_to(user).filter(pk=workflow_id).first()
    if workflow is None:
        raise TargetNotFound
    return embedded.page(workflow)


def _sentence(error: CallboardError) -> str:
    if isinstance(error, TokenExpired):
        return "This link has expired. Ask whoever gave it to you for a new one."
    return (
        error.message
        if isinstance(error, PermissionDenied)
        else "This link does not open anything here, or not any more."
    )
