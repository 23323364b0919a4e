"""What can be wrong with what a client asked. An error is answered, it never ends the connection by itself."""

# ruff: noqa: N818 - they are called as on the wire

from typing import ClassVar


class ProtocolError(Exception):
    """Something is wrong with the message."""

    error_type: ClassVar[str] = "ProtocolError"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str = "", *, ref: str | None = None, retry_after: float | None = None) -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.ref = ref
        self.retry_after = retry_after  # seconds
        super().__init__(self.message)


class InvalidMessage(ProtocolError):
    """The message is not one of this protocol."""

    error_type = "InvalidMessage"


class UnknownMessage(ProtocolError):
    """A message of this type is not known here; it is ignored."""

    error_type = "UnknownMessage"


class InvalidTarget(ProtocolError):
    """There cannot be such a room."""

    error_type = "InvalidTarget"


class TargetNotFound(ProtocolError):
    """There is no such room, or it is not yours to see."""

    error_type = "TargetNotFound"


class PermissionDenied(ProtocolError):
    """You may not watch this."""

    error_type = "PermissionDenied"


class SubscriptionLimitExceeded(ProtocolError):
    """Too many rooms at once; leave one first."""

    error_type = "SubscriptionLimitExceeded"


class RateLimitExceeded(ProtocolError):
    """Too many messages; wait a little."""

    error_type = "RateLimitExceeded"
    retryable = True


class NotAuthenticated(ProtocolError):
    """Authenticate first: the token is missing or not valid."""

    error_type = "NotAuthenticated"


class ForbiddenOrigin(ProtocolError):
    """Pages of this origin may not connect here."""

    error_type = "ForbiddenOrigin"


class UserDisabled(ProtocolError):
    """This account is disabled."""

    error_type = "UserDisabled"


class UnsupportedProtocol(ProtocolError):
    """None of the offered subprotocols is spoken here; offer callboard.v1."""

    error_type = "UnsupportedProtocol"


class TokenExpired(ProtocolError):
    """The access token ran out; renew it and connect again."""

    error_type = "TokenExpired"
    retryable = True


class InternalError(ProtocolError):
    """Something went wrong on our side; it was written down. Try again."""

    error_type = "InternalError"
    retryable = True
