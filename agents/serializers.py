"""The shapes of the agents' HTTP API, for its schema and its answers."""

from typing import Any

from rest_framework import serializers

from agents.models import Agent, AgentSample


class SkillSerializer(serializers.Serializer[Any]):
    """What an agent can do, in short."""

    id = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()


class FullSkillSerializer(SkillSerializer):
    """A skill with the JSON Schemas of its input and output."""

    tags = serializers.ListField(child=serializers.CharField())
    input_schema = serializers.DictField()
    output_schema = serializers.DictField()


class AgentMetricsSerializer(serializers.Serializer[Any]):
    """How an agent has been doing. `avg_execution_time` in seconds, `error_rate` 0.0-1.0."""

    message_count = serializers.IntegerField()
    error_count = serializers.IntegerField()
    error_rate = serializers.FloatField()
    avg_execution_time = serializers.FloatField()
    is_healthy = serializers.BooleanField()


class AgentStatusSerializer(serializers.Serializer[Any]):
    """The body of an `agent_status` message."""

    agent_name = serializers.CharField()
    status = serializers.ChoiceField(choices=Agent.Status.choices)
    metrics = AgentMetricsSerializer()
    timestamp = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=Agent.Kind.choices)
    description = serializers.CharField()
    skills = SkillSerializer(many=True)
    is_enabled = serializers.BooleanField()
    in_flight = serializers.IntegerField()
    max_concurrent = serializers.IntegerField()
    last_error = serializers.CharField()
    last_seen_at = serializers.DateTimeField(allow_null=True)


class AgentSampleSerializer(serializers.ModelSerializer[AgentSample]):
    """What an agent did in one minute. Durations in seconds."""

    class Meta:
        model = AgentSample
        fields = ("minute", "calls", "errors", "total_seconds", "max_seconds")


class AgentDetailSerializer(AgentStatusSerializer):
    """One agent: its status, its skills with their schemas, and its last hour, minute by minute."""

    skills = FullSkillSerializer(many=True)
    samples = AgentSampleSerializer(many=True)
