"""All URLs of Callboard."""

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularSwaggerView

import project.admin  # noqa: F401 - registers
from project import accounts, api_errors, monitoring, operations, pages, sessions
from project.api_schema import ApiSchema

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/auth/", include([*accounts.urlpatterns, *sessions.urlpatterns])),
    path("api/", include("workflows.urls")),
    path("api/", include("agents.urls")),
    path("api/", include(operations.urlpatterns)),
    path("api/schema/", ApiSchema.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(), name="docs"),
    re_path(r"^api/", api_errors.not_found),
    path("healthz", pages.healthz),
    path("readyz", pages.readyz),
    path("metrics", monitoring.metrics),
    re_path(r"^(?!static/|ws/).*$", pages.frontend),
]
