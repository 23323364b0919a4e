"""All URLs of Callboard."""

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularSwaggerSplitView

import project.admin  # noqa: F401 - registers
from project import (
    accounts,
    admin_sessions,
    api_errors,
    embedding,
    monitoring,
    operations,
    pages,
    sessions,
    workflow_tokens,
)
from project.api_schema import ApiSchema

handler400 = "project.api_errors.bad_request"
handler500 = "project.api_errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/auth/", include([*accounts.urlpatterns, *admin_sessions.urlpatterns])),
    path("api/workflows/<uuid:workflow_id>/tokens/", workflow_tokens.make),
    path("api/sessions/", sessions.own),
    path("api/sessions/<str:session_id>/", sessions.end),
    path("api/", include("workflows.urls")),
    path("api/", include("agents.urls")),
    path("api/", include(operations.urlpatterns)),
    path("api/schema/", ApiSchema.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(template_name="api_docs.html"), name="docs"),
    re_path(r"^api/", api_errors.not_found),
    path("embed/<uuid:workflow_id>", embedding.page, name="embed"),
    path("healthz", pages.healthz),
    path("readyz", pages.readyz),
    path("metrics", monitoring.metrics),
    re_path(r"^(?!static/|ws/).*$", pages.frontend),
]
