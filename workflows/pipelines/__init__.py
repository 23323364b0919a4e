"""The registry of pipelines."""

from workflows.errors import UnknownPipeline
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
