"""The registry of pipelines."""

from workflows.pipelines import one_step
from workflows.pipelines.base import Pipeline, check

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
    """The pipeline of that name; of one step, if the name is that of an agent's skill.

    Raises: UnknownPipeline.
    """
    if name in _pipelines:
        return _pipelines[name]
    return one_step.made(name)


def known() -> list[Pipeline]:
    """All pipelines, in the order in which they were registered."""
    return list(_pipelines.values())
