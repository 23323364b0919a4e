"""Checks the shape of requests. What a pipeline's input must be is checked against its own schema."""

from typing import Any

from rest_framework import serializers

from workflows.bodies import ANSWER_LENGTH
from workflows.lifecycle import Action, PauseMode


class NewWorkflowSerializer(serializers.Serializer[Any]):
    """The pipeline and input of a new workflow."""

    pipeline = serializers.CharField(max_length=64)
    input = serializers.JSONField()


class ForecastSerializer(serializers.Serializer[Any]):
    """The input of a workflow that may be started."""

    input = serializers.JSONField()


class RerunSerializer(serializers.Serializer[Any]):
    """The task to run again from, the new input (default: the same), and what the task gets otherwise than before."""

    input = serializers.JSONField(required=False, help_text="The new input; without it, the same.")

    def get_fields(self) -> dict[str, Any]:
        """With the fields `from` and `with`, whose names are keywords of Python."""
        task = serializers.CharField(max_length=100, help_text="The key of a task.")
        changes = serializers.JSONField(
            required=False,
            help_text="What this task, and the others of its shot, get otherwise: fields of the shot (`shot`), `style`, "
            "`take` (the id of a frame).",
        )
        return {"from": task, **super().get_fields(), "with": changes}


class ControlSerializer(serializers.Serializer[Any]):
    """An action to apply. `mode` matters to pause, `task` to retry ("": all failed ones) and to answer ("": the only question)."""

    action = serializers.ChoiceField(choices=Action.choices)
    request_id = serializers.CharField(
        max_length=100, required=False, default="", help_text="The client's own id; the same one again acts once."
    )
    mode = serializers.ChoiceField(choices=PauseMode.choices, required=False, default=PauseMode.DRAIN)
    task = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    answer = serializers.CharField(
        max_length=ANSWER_LENGTH,
        required=False,
        allow_blank=True,
        default="",
        help_text="To the question of the task, for the action `answer`.",
    )
    why = serializers.CharField(
        max_length=500,
        required=False,
        allow_blank=True,
        default="",
        help_text="The reason, for everyone who watches; kept in the event log.",
    )
