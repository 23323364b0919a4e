"""Our errors as those of the protocol (A2A 1.0, sections 3.3.2 and 5.4), and the three that it leaves to the server."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from a2a.server.jsonrpc_models import JSONRPCError
from a2a.server.request_handlers import response_helpers
from a2a.utils import errors as protocol
from a2a.utils.errors import A2AError, ErrorMapping, InternalError, InvalidParamsError, TaskNotFoundError

from agents.errors import CallboardError, PermissionDenied, TargetNotFound
from workflows.errors import CrewNotReady, InvalidControl, InvalidInput, UnknownPipeline

log = logging.getLogger(__name__)


class ForbiddenError(A2AError):
    """You may see this task, but not do this with it."""


class LimitExceededError(A2AError):
    """You have as much under way as one may. Try again later."""


class UnavailableError(A2AError):
    """The agent takes no work now. Try again later."""


# HTTP status, its name, and the code of JSON-RPC, from the range for servers that the protocol has left free.
_OURS: Final[dict[type[A2AError], tuple[int, str, int]]] = {
    ForbiddenError: (403, "PERMISSION_DENIED", -32040),
    LimitExceededError: (429, "RESOURCE_EXHAUSTED", -32041),
    UnavailableError: (503, "UNAVAILABLE", -32042),
}


def _make_known() -> None:
    """The SDK has one table for each of its bindings, and no other way to add an error."""
    for error, (status, name, code) in _OURS.items():
        protocol.A2A_ERROR_MAPPING[error] = ErrorMapping(status, name, name)
        protocol.A2A_ERROR_REASONS[error] = name
        protocol.JSON_RPC_ERROR_CODE_MAP[error] = code
        response_helpers.EXCEPTION_MAP[error] = JSONRPCError


_make_known()


def invalid(field: str, message: str) -> InvalidParamsError:
    """A parameter is wrong: which one, and how to correct it."""
    return InvalidParamsError(message, data={"errors": [{"field": field, "message": message}]})


def _translated(error: CallboardError) -> A2AError:
    match error:
        case TargetNotFound():
            return TaskNotFoundError("There is no such task, or it is not yours to see.")
        case PermissionDenied():
            return ForbiddenError(error.message)
        case CrewNotReady():
            return UnavailableError(error.message)
        case InvalidInput() | InvalidControl() | UnknownPipeline():
            wrong = [{"field": field, "message": sentence} for field, sentence in error.fields.items()]
            return InvalidParamsError(error.message, data={"errors": wrong} if wrong else None)
        case _ if error.http_status in (429, 507):
            return LimitExceededError(error.message, data=_retry_after(error))
        case _:
            return InternalError(error.message)


def _retry_after(error: CallboardError) -> dict[str, Any] | None:
    return None if error.retry_after is None else {"retryAfter": str(round(error.retry_after))}


@contextmanager
def translated() -> Iterator[None]:
    """Whatever goes wrong inside becomes an error of the protocol; what nobody foresaw is logged, and not told."""
    try:
        yield
    except A2AError:
        raise
    except CallboardError as error:
        raise _translated(error) from error
    except Exception as error:
        log.exception("A request over A2A could not be answered.")
        raise InternalError("Something went wrong here; the log says what.") from error
