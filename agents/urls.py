"""Where the agents are found over HTTP, below /api/."""

from django.urls import path

from agents.views import AgentDetail, AgentList

urlpatterns = [
    path("agents/", AgentList.as_view(), name="agents"),
    path("agents/<str:name>/", AgentDetail.as_view(), name="agent"),
]
