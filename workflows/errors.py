"""What can go wrong between a user and the coordinator."""

from agents.errors import CallboardError


class InvalidInput(CallboardError):
    """The input does not fit. Correct the named fields and try again."""


class UnknownPipeline(CallboardError):
    """There is no such pipeline. GET /api/pipelines/ lists those that exist."""


class InvalidControl(CallboardError):
    """There is no such action for a workflow."""


class TooManyWorkflows(CallboardError):
    """You have as many active workflows as one person may. Wait for one to end, or cancel one."""

    http_status = 429
    retryable = True


class WorkflowActive(CallboardError):
    """Only what has ended can be deleted. Cancel it first."""

    http_status = 409


class TooManyPictures(CallboardError):
    """You have brought as many pictures within an hour as one person may. Try again later."""

    http_status = 429
    retryable = True


class PictureInUse(CallboardError):
    """A workflow uses this picture. It is deleted with the last workflow that does."""

    http_status = 409


class StorageLimitExceeded(CallboardError):
    """Your films, pictures and books take as much room as one person may."""

    http_status = 507


class StillWorking(CallboardError):
    """It is still at work, and what it makes cannot be reused yet. Wait until it has ended, pause it, or cancel it."""

    http_status = 409
    retryable = True


class TooManyTasks(CallboardError):
    """The film would take more tasks than one workflow may have. The error of a failed task, never of a request."""


class CrewNotReady(CallboardError):
    """An agent that this pipeline needs is not available."""

    http_status = 503


class NoThumbnail(CallboardError):
    """This artifact is no picture that can be shown in small. Without `width` it comes as it is."""

    http_status = 415


class NotExportable(CallboardError):
    """It cannot be taken along in this format: not yet, or not from this server."""

    http_status = 409


class TooBusy(CallboardError):
    """The server has too much to do for this at the moment. Try again soon."""

    http_status = 503
    retryable = True


class WorkerLost(CallboardError):
    """The process that worked on a task died, again and again. The error of a failed task, never of a request."""


class WorkflowBroken(CallboardError):
    """This version of Callboard cannot go on with this workflow. The error of a failed workflow, never of a request."""


class PipelineBroken(Exception):
    """A pipeline refers to something that does not exist, or to itself."""
