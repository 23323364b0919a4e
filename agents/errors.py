"""The root of all errors that people and programs get to see, over HTTP, over the socket and in the event log."""

import inspect
import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta, Struct

from agents.choices import API_ERROR_TYPE


class ErrorDetail(Struct, kw_only=True, frozen=True):
    """Why a request was refused. `message` is for people; `fields` has a sentence for each wrong field of the request."""

    type: Annotated[str, API_ERROR_TYPE]
    message: str
    retryable: Annotated[bool, Meta(description="Whether the same request may succeed later.")]
    retry_after: Annotated[float | None, Meta(description="Seconds to wait before trying again, where known.")]
    fields: dict[str, str]


class ErrorResponse(Struct, kw_only=True, frozen=True):
    """The body of every refusal over HTTP."""

    error: ErrorDetail


class CallboardError(Exception):
    """Something went wrong.

    Each kind of error is a subclass; its docstring is the default message.
    """

    error_type: ClassVar[str] = "CallboardError"  # the stable code on the wire; default: the name of the class
    http_status: ClassVar[int] = 400  # of the response, where the request came over HTTP
    retryable: bool = False  # whether the same request may succeed later; a class sets the default

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "error_type" not in cls.__dict__:
            cls.error_type = cls.__name__

    def __init__(
        self,
        message: str = "",
        *,
        retryable: bool | None = None,
        retry_after: float | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        """`message` is for people: what went wrong and what to do, without secrets.

        `retry_after` are the seconds to wait before trying again. `fields` holds a sentence for each field of the
        request that is wrong: {"scenes": "Scenes must be at most 12."}.
        """
        self.message = message or inspect.getdoc(type(self)) or ""
        self.retryable = self.retryable if retryable is None else retryable
        self.retry_after = retry_after
        self.fields = dict(fields or {})
        super().__init__(self.message)

    def headers(self) -> dict[str, str]:
        """The headers of such a response."""
        return {} if self.retry_after is None else {"Retry-After": str(math.ceil(self.retry_after))}

    def body(self) -> dict[str, Any]:
        """The body of a response that refuses a request with this error."""
        detail = ErrorDetail(
            type=self.error_type,
            message=self.message,
            retryable=self.retryable,
            retry_after=self.retry_after,
            fields=self.fields,
        )
        return dict(msgspec.to_builtins(ErrorResponse(error=detail)))


class TargetNotFound(CallboardError):
    """There is no such workflow, agent or room, or it is not yours to see."""

    http_status = 404


class DatabaseUnavailable(CallboardError):
    """The database does not answer just now. Try again in a moment."""

    http_status = 503
    retryable = True


class PermissionDenied(CallboardError):
    """You do not have the permission for this."""

    http_status = 403
