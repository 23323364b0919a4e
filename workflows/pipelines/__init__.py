"""The registry of pipelines."""

import logging
from typing import Any

import msgspec

from agents import entry_points, registry
from agents.signals import agents_changed
from workflows.bodies import StepBody
from workflows.errors import PipelineBroken
from workflows.models import Workflow
from workflows.pipelines import one_step
from workflows.pipelines.base import Output, Outputs, Pipeline, check

log = logging.getLogger(__name__)

_pipelines: dict[str, Pipeline] = {}


def register(pipeline: Pipeline) -> None:
    """Checks a pipeline and adds it.

    Raises: PipelineBroken.
    """
    check(pipeline)
    _pipelines[pipeline.name] = pipeline


def use_pipeline(offered: object) -> None:
    """Registers a pipeline that an installed package offers.

    Raises: TypeError, ValueError or PipelineBroken for what is none, does not fit, or has a name that is taken.
    """
    if not isinstance(offered, Pipeline):
        raise TypeError(f"{offered!r} is no workflows.pipelines.base.Pipeline.")
    if offered.name in _pipelines:
        raise ValueError(f"there is a pipeline {offered.name!r} already.")
    entry_points.check_schema(offered.input_schema)
    msgspec.json.encode([offered.name, offered.title, offered.description, offered.stages, offered.input_schema])
    register(offered)


def unregister(name: str) -> None:
    """Removes a pipeline; unknown names are ignored."""
    _pipelines.pop(name, None)


def get(name: str) -> Pipeline:
    """The pipeline of that name; of one step, if the name is that of an agent's skill.

    Raises: UnknownPipeline.
    """
    if name in _pipelines:
        return _pipelines[name]
    return one_step.made(name)


def of(workflow: Workflow) -> Pipeline:
    """The pipeline of a workflow, as it was when the workflow began.

    Raises: UnknownPipeline.
    """
    return get(workflow.pipeline).within(workflow.stages)


def known() -> list[Pipeline]:
    """All pipelines, in the order in which they were registered."""
    return list(_pipelines.values())


def step_bodies(pipeline: Pipeline) -> list[StepBody]:
    """What waits for what, as the API shows it."""
    return [
        StepBody(
            name=step.name,
            stage=step.stage,
            skill=step.skill,
            after=step.takes_from(Output),
            after_all=step.takes_from(Outputs),
            each=step.each.step if step.each else None,
        )
        for step in pipeline.steps
    ]


def problem_of(pipeline: Pipeline) -> str:
    """Why it does not fit the agents that there are now, as a sentence; "" when it does."""
    try:
        check(pipeline)
    except PipelineBroken as error:
        return str(error)
    return ""


def lacking() -> dict[str, list[str]]:
    """By name of a pipeline: why it cannot be started now, one sentence each; [] when it can. Two queries for all."""
    pipelines = known()
    missing = registry.missing_for_each([[step.skill for step in pipeline.steps] for pipeline in pipelines])
    return {
        pipeline.name: [problem] if (problem := problem_of(pipeline)) else sentences
        for pipeline, sentences in zip(pipelines, missing, strict=True)
    }


def _check_all(**_: Any) -> None:
    """An agent with a skill that some pipeline needs may have come only now."""
    for pipeline in known():
        if problem := problem_of(pipeline):
            log.warning("A pipeline does not fit the agents: %s", problem)


agents_changed.connect(_check_all, dispatch_uid="pipelines.check")
