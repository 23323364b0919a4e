"""/api/pipelines/, /api/workflows/ and /api/coordinator/."""

from django.urls import path

from workflows import book_views, export_views, picture_views, views

urlpatterns = [
    path("pipelines/", views.pipeline_list),
    path("pipelines/<str:name>/estimate/", views.pipeline_estimate),
    path("agents/<str:name>/work/", views.agent_work_list),
    path("coordinator/metrics/", views.coordinator_metrics),
    path("books/", book_views.book_text),
    path("pictures/", picture_views.PictureList.as_view()),
    path("pictures/<uuid:picture_id>/", picture_views.PictureDetail.as_view()),
    path("workflows/", views.WorkflowList.as_view()),
    path("workflows/storage/", views.stored_bytes),
    path("workflows/<uuid:workflow_id>/", views.WorkflowDetail.as_view()),
    path("workflows/<uuid:workflow_id>/beginning/", views.workflow_beginning),
    path("workflows/<uuid:workflow_id>/tasks/", views.workflow_tasks),
    path("workflows/<uuid:workflow_id>/control/", views.workflow_control),
    path("workflows/<uuid:workflow_id>/rerun/", views.workflow_rerun),
    path("workflows/<uuid:workflow_id>/artifacts/", views.workflow_artifacts),
    path("workflows/<uuid:workflow_id>/artifacts/<uuid:artifact_id>/", views.artifact_file),
    path("workflows/<uuid:workflow_id>/export/", export_views.WorkflowExport.as_view()),
    path("workflows/<uuid:workflow_id>/archive/", views.workflow_archive),
    path("workflows/<uuid:workflow_id>/archive/file/", views.archive_file),
]
