"""/api/workflows/{id}/events/: the socket's messages for those who cannot have a socket."""

from django.urls import path

from realtime import views

urlpatterns = [path("workflows/<uuid:workflow_id>/events/", views.events)]
