"""The shapes of the HTTP API, for the OpenAPI document and for checking what comes in."""

from typing import Any

from rest_framework import serializers

from workflows.lifecycle import Action, PauseMode, TaskState, WorkflowState

TASK_STATES = [state for state in TaskState.values if state != TaskState.READY]


class EtaSerializer(serializers.Serializer[Any]):
    """Seconds left: as likely less as more (p50), and 9 times in 10 less (p90)."""

    p50 = serializers.FloatField()
    p90 = serializers.FloatField()


class ErrorSerializer(serializers.Serializer[Any]):
    """The error of a task or a workflow."""

    type = serializers.CharField()
    message = serializers.CharField()
    retryable = serializers.BooleanField()


class TaskSerializer(serializers.Serializer[Any]):
    """One piece of work."""

    key = serializers.CharField()
    skill = serializers.CharField()
    agent = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=TASK_STATES)
    progress = serializers.FloatField()
    attempt = serializers.IntegerField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    error = ErrorSerializer(allow_null=True)


class StageSerializer(serializers.Serializer[Any]):
    """A named group of tasks."""

    name = serializers.CharField()
    state = serializers.ChoiceField(choices=TASK_STATES)
    progress = serializers.FloatField()
    tasks = TaskSerializer(many=True)


class ArtifactSerializer(serializers.Serializer[Any]):
    """A file that a task produced; `url` is a signed link, valid for an hour."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.CharField()
    media_type = serializers.CharField()
    url = serializers.CharField()
    task = serializers.CharField()


class WorkflowFieldsSerializer(serializers.Serializer[Any]):
    """The fields that list rows and snapshots share."""

    id = serializers.UUIDField()
    pipeline = serializers.CharField()
    title = serializers.CharField()
    owner = serializers.CharField()
    state = serializers.ChoiceField(choices=WorkflowState.choices)
    progress = serializers.FloatField()
    stage = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    eta = EtaSerializer(allow_null=True)
    seq = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class WorkflowSummarySerializer(WorkflowFieldsSerializer):
    """A workflow in a list, with a link to a picture of it when there is one."""

    poster = serializers.CharField(allow_null=True)


class WorkflowSerializer(WorkflowFieldsSerializer):
    """The snapshot of a workflow at `seq`."""

    input = serializers.JSONField()
    stages = StageSerializer(many=True)
    artifacts = ArtifactSerializer(many=True)
    watchers = serializers.IntegerField()
    error = ErrorSerializer(allow_null=True)


class PipelineSerializer(serializers.Serializer[Any]):
    """A pipeline."""

    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    stages = serializers.ListField(child=serializers.CharField())
    input_schema = serializers.JSONField(help_text="JSON Schema (2020-12)")


class NewWorkflowSerializer(serializers.Serializer[Any]):
    """The pipeline and input of a new workflow."""

    pipeline = serializers.CharField(max_length=64)
    input = serializers.JSONField()


class CreatedSerializer(serializers.Serializer[Any]):
    """The id of the new workflow."""

    id = serializers.UUIDField()


class ControlSerializer(serializers.Serializer[Any]):
    """An action to apply."""

    action = serializers.ChoiceField(choices=Action.choices)
    request_id = serializers.CharField(max_length=100, required=False, default="")
    mode = serializers.ChoiceField(choices=PauseMode.choices, required=False, default=PauseMode.DRAIN)
    task = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")


class ControlAnswerSerializer(serializers.Serializer[Any]):
    """Whether it was accepted, and why not."""

    request_id = serializers.CharField()
    status = serializers.ChoiceField(choices=["accepted", "rejected"])
    reason = serializers.CharField(allow_blank=True)
    outcome = serializers.CharField(allow_blank=True, help_text="Empty while it is under way.")


class CoordinatorMetricsSerializer(serializers.Serializer[Any]):
    """The body of the `coordinator_metrics` message."""

    total_messages = serializers.IntegerField()
    total_workflows = serializers.IntegerField()
    registered_agents = serializers.IntegerField()
    healthy_agents = serializers.IntegerField()
    active_workflows = serializers.IntegerField()
    timestamp = serializers.DateTimeField()
