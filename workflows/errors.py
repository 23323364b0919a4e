"""What can go wrong between a person and the coordinator. An error is a class; its docstring is its message."""

import inspect
from typing import ClassVar


class CallboardError(Exception):
    """Something went wrong."""

    status: ClassVar[int] = 400  # HTTP
    retryable: ClassVar[bool] = False

    def __init__(self, message: str = "", *, fields: dict[str, str] | None = None) -> None:
        self.message = message or inspect.getdoc(type(self)) or ""
        self.fields = fields or {}
        super().__init__(self.message)

    @property
    def error_type(self) -> str:
        """The stable code of this error on the wire."""
        return type(self).__name__


class InvalidInput(CallboardError):
    """The input does not fit. Mend the named fields and try again."""


class UnknownPipeline(CallboardError):
    """There is no such pipeline. GET /api/pipelines/ lists those that exist."""


class InvalidControl(CallboardError):
    """That is no action for a workflow."""


class TargetNotFound(CallboardError):
    """There is no such workflow, or it is not yours to see."""

    status = 404


class PermissionDenied(CallboardError):
    """You may watch this workflow, but not control it."""

    status = 403


class TooManyWorkflows(CallboardError):
    """You have as many active workflows as one person may. Wait for one to end, or cancel one."""

    status = 429
    retryable = True


class CrewNotReady(CallboardError):
    """An agent that this pipeline needs is not available."""

    status = 503


class PipelineBroken(Exception):
    """A pipeline refers to something that does not exist, or to itself. Said when it is registered."""
