"""What can be wrong with what a client asked, and why a connection is closed.

An error is answered; only those with a close code end the connection.
"""

from enum import IntEnum
from typing import ClassVar


class CloseCode(IntEnum):
    """Why the server closed the connection."""

    TOKEN_INVALID = 4001
    FORBIDDEN = 4003
    UNSUPPORTED_PROTOCOL = 4007
    TOO_SLOW = 4101
    NOT_AUTHENTICATED = 4102
    RATE_ABUSE = 4129
    HEARTBEAT_LOST = 4201
    SHUTTING_DOWN = 4202
    TOKEN_EXPIRED = 4203
    TOO_BIG = 1009


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


class MethodNotAllowed(ProtocolError):
    """There is nothing here but to GET."""

    error_type = "MethodNotAllowed"


class SubscriptionLimitExceeded(ProtocolError):
    """Too many rooms at once; leave one first."""

    error_type = "SubscriptionLimitExceeded"


class RateLimitExceeded(ProtocolError):
    """Too many messages; wait a little."""

    error_type = "RateLimitExceeded"
    retryable = True


class AuthenticationRequired(ProtocolError):
    """Authenticate first."""

    error_type = "NotAuthenticated"


class InternalError(ProtocolError):
    """Something went wrong on our side; it was written down. Try again."""

    error_type = "InternalError"
    retryable = True


class Disconnect(ProtocolError):
    """An error that ends the connection."""

    close_code: ClassVar[CloseCode]


class NotAuthenticated(Disconnect):
    """The token is missing or not valid."""

    error_type = "NotAuthenticated"
    close_code = CloseCode.TOKEN_INVALID


class TokenExpired(Disconnect):
    """The access token ran out; renew it and connect again."""

    error_type = "TokenExpired"
    close_code = CloseCode.TOKEN_EXPIRED
    retryable = True


class LoggedOut(Disconnect):
    """This login has ended."""

    error_type = "NotAuthenticated"
    close_code = CloseCode.TOKEN_INVALID


class ForbiddenOrigin(Disconnect):
    """Pages of this origin may not connect here."""

    error_type = "ForbiddenOrigin"
    close_code = CloseCode.FORBIDDEN


class UserDisabled(Disconnect):
    """This account is disabled."""

    error_type = "UserDisabled"
    close_code = CloseCode.FORBIDDEN


class UnsupportedProtocol(Disconnect):
    """None of the offered subprotocols is spoken here; offer callboard.v1."""

    error_type = "UnsupportedProtocol"
    close_code = CloseCode.UNSUPPORTED_PROTOCOL


class AuthenticationTimeout(Disconnect):
    """No token came in time."""

    error_type = "NotAuthenticated"
    close_code = CloseCode.NOT_AUTHENTICATED
    retryable = True


class CannotWelcome(Disconnect):
    """Something went wrong on our side while we looked who you are; it was written down. Try again."""

    error_type = "InternalError"
    close_code = CloseCode.NOT_AUTHENTICATED  # not 4001: the token may well be good
    retryable = True


class TooManyRefusals(Disconnect):
    """Too many messages in spite of refusals."""

    error_type = "RateLimitExceeded"
    close_code = CloseCode.RATE_ABUSE
    retryable = True


class ConnectionLimitExceeded(Disconnect):
    """Too many connections at once; close one first."""

    error_type = "ConnectionLimitExceeded"
    close_code = CloseCode.RATE_ABUSE
    retryable = True


class TooSlow(Disconnect):
    """You read more slowly than news come; connect again and recover with `since`."""

    error_type = "TooSlow"
    close_code = CloseCode.TOO_SLOW
    retryable = True


class FrameTooBig(Disconnect):
    """The frame is too big."""

    error_type = "InvalidMessage"
    close_code = CloseCode.TOO_BIG


class HeartbeatLost(Disconnect):
    """Nothing was heard of you for too long."""

    error_type = "HeartbeatLost"
    close_code = CloseCode.HEARTBEAT_LOST
    retryable = True


class ShuttingDown(Disconnect):
    """The server is shutting down; connect again."""

    error_type = "ShuttingDown"
    close_code = CloseCode.SHUTTING_DOWN
    retryable = True
