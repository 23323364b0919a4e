"""Describes the request that creates a workflow: its input depends on the pipeline."""

from typing import Any, Final

import msgspec

from agents.openapi import SCHEMAS
from workflows import pipelines
from workflows.pipelines.base import Pipeline

Json = dict[str, Any]
NEW_WORKFLOW: Final = "NewWorkflow"


def new_workflow_schemas() -> Json:
    """The schemas of `NewWorkflow` and of its kinds, one for each registered pipeline, by name."""
    names = {pipeline.name: new_workflow_name(pipeline) for pipeline in pipelines.known()}
    mapping = {pipeline: SCHEMAS.format(name=name) for pipeline, name in names.items()}
    any_of_them = {
        "description": "The pipeline and input of a new workflow.",
        "oneOf": [{"$ref": reference} for reference in mapping.values()],
        "discriminator": {"propertyName": "pipeline", "mapping": mapping},
    }
    schemas: Json = {NEW_WORKFLOW: any_of_them}
    for pipeline in pipelines.known():
        schemas |= _schemas(pipeline)
    return schemas


def new_workflow_name(pipeline: Pipeline) -> str:
    """ "NewIdea2videoWorkflow" of "idea2video"."""
    words = "".join(character if character.isalnum() else " " for character in pipeline.name).split()
    return f"New{''.join(word.capitalize() for word in words)}Workflow"


def _schemas(pipeline: Pipeline) -> Json:
    given = pipeline.input_schema
    schemas: Json = {}
    if pipeline.takes:
        (given,), schemas = msgspec.json.schema_components([pipeline.takes], ref_template=SCHEMAS)
    new = {
        "type": "object",
        "description": pipeline.description,
        "properties": {"pipeline": {"type": "string", "enum": [pipeline.name]}, "input": given},
        "required": ["pipeline", "input"],
    }
    return {**schemas, new_workflow_name(pipeline): new}
