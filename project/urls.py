"""All URLs of Callboard."""

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from project import accounts, api_errors, monitoring, pages

admin.site.site_header = admin.site.site_title = "Callboard"
admin.site.index_title = "Administration"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/auth/", include(accounts.urlpatterns)),
    path("api/", include("workflows.urls")),
    path("api/", include("agents.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(), name="docs"),
    re_path(r"^api/", api_errors.not_found),
    path("healthz", pages.healthz),
    path("readyz", pages.readyz),
    path("metrics", monitoring.metrics),
    re_path(r"^(?!static/|ws/).*$", pages.frontend),
]
