"""Where the agents are found over HTTP, below /api/."""

from django.urls import path

from agents.views import Activity, AgentDetail, AgentHistory, AgentList

urlpatterns = [
    path("activity/", Activity.as_view()),
    path("agents/", AgentList.as_view(), name="agents"),
    path("agents/<str:name>/", AgentDetail.as_view(), name="agent"),
    path("agents/<str:name>/history/", AgentHistory.as_view(), name="agent-history"),
]
