"""What can go wrong: the server refuses, or it is out of reach."""

from collections.abc import Mapping
from typing import Any


class CallboardError(Exception):
    """The root of this package's errors."""


class Unreachable(CallboardError):
    """The server did not answer, or not as it should. The same request may succeed later."""


class Refused(CallboardError):
    """The server has refused. Its words are the message; `type` is the stable code, such as "TargetNotFound".

    `status` is that of HTTP (0 where it was said over a socket); `fields` has a sentence for each wrong field of the request;
    `retry_after` are the seconds to wait, where the server named them.
    """

    def __init__(
        self, message: str, *, error_type: str = "", status: int = 0, detail: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        detail = detail or {}
        self.message = message
        self.type = error_type
        self.status = status
        self.is_retryable = bool(detail.get("retryable"))
        self.retry_after: float | None = detail.get("retry_after")
        self.fields: dict[str, str] = dict(detail.get("fields") or {})


class NotSignedIn(Refused):
    """The token is not good, or not any more, and cannot be renewed."""


def refusal_of(status: int, body: object) -> CallboardError:
    """The error for a response with such a status and body."""
    detail = body.get("error") if isinstance(body, dict) else None
    if status >= 500 and status != 507:  # 507: there is no room left for this user
        return Unreachable(f"The server answered with status {status}.")
    if not isinstance(detail, dict):
        return Refused(f"The server answered with status {status}.", status=status)
    kind = NotSignedIn if status == 401 else Refused
    return kind(str(detail["message"]), error_type=str(detail["type"]), status=status, detail=detail)
