"""The registry of pipelines."""

import logging
from typing import Any

from agents.signals import agents_changed
from workflows.errors import PipelineBroken, UnknownPipeline
from workflows.pipelines.base import Pipeline, check

log = logging.getLogger(__name__)

_pipelines: dict[str, Pipeline] = {}


def register(pipeline: Pipeline) -> None:
    """Checks a pipeline and adds it.

    Raises: PipelineBroken.
    """
    check(pipeline)
    _pipelines[pipeline.name] = pipeline


def unregister(name: str) -> None:
    """Removes a pipeline; unknown names are ignored."""
    _pipelines.pop(name, None)


def get(name: str) -> Pipeline:
    """The pipeline of that name.

    Raises: UnknownPipeline.
    """
    try:
        return _pipelines[name]
    except KeyError:
        raise UnknownPipeline from None


def known() -> list[Pipeline]:
    """All pipelines, in the order in which they were registered."""
    return list(_pipelines.values())


def problem_of(pipeline: Pipeline) -> str:
    """Why it does not fit the agents that there are now, as a sentence; "" when it does."""
    try:
        check(pipeline)
    except PipelineBroken as error:
        return str(error)
    return ""


def _check_all(**_: Any) -> None:
    """An agent with a skill that some pipeline needs may have come only now."""
    for pipeline in known():
        if problem := problem_of(pipeline):
            log.warning("A pipeline does not fit the agents: %s", problem)


agents_changed.connect(_check_all, dispatch_uid="pipelines.check")
