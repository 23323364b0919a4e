"""The errors of the protocol. Each is answered with an `error` message; only a Disconnect ends the connection."""

from enum import IntEnum
from typing import ClassVar

from agents.errors import CallboardError


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


class ProtocolError(CallboardError):
    """Something is wrong with the message."""

    def __init__(self, message: str = "", *, ref: str | None = None, retry_after: float | None = None) -> None:
        """`ref` is that of the message, where it could be read; `retry_after` are seconds."""
        super().__init__(message, retry_after=retry_after)
        self.ref = ref


class InvalidMessage(ProtocolError):
    """The message is not one of this protocol."""


class UnknownMessage(ProtocolError):
    """A message of this type is not known here; it is ignored."""


class InvalidTarget(ProtocolError):
    """There can be no such room: the target or its id is not valid."""

    http_status = 404


class MethodNotAllowed(ProtocolError):
    """Only GET is allowed here."""

    http_status = 405


class SubscriptionLimitExceeded(ProtocolError):
    """Too many rooms at once; leave one first."""


class RateLimitExceeded(ProtocolError):
    """Too many messages; wait a little."""

    http_status = 429
    retryable = True


class AuthenticationRequired(ProtocolError):
    """Authenticate first."""

    error_type = "NotAuthenticated"


class InternalError(ProtocolError):
    """Something went wrong on our side; it was written down. Try again."""

    http_status = 500
    retryable = True


class Disconnect(ProtocolError):
    """An error that ends the connection."""

    http_status = 401
    close_code: ClassVar[CloseCode]


class NotAuthenticated(Disconnect):
    """The token is missing or not valid."""

    close_code = CloseCode.TOKEN_INVALID


class TokenExpired(Disconnect):
    """The access token ran out; renew it and connect again."""

    close_code = CloseCode.TOKEN_EXPIRED
    retryable = True


class LoggedOut(Disconnect):
    """This login has ended."""

    error_type = "NotAuthenticated"
    close_code = CloseCode.TOKEN_INVALID


class ForbiddenOrigin(Disconnect):
    """Pages of this origin may not connect here."""

    close_code = CloseCode.FORBIDDEN


class UserDisabled(Disconnect):
    """This account is disabled."""

    http_status = 403
    close_code = CloseCode.FORBIDDEN


class UnsupportedProtocol(Disconnect):
    """None of the offered subprotocols is spoken here; offer callboard.v1."""

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

    http_status = 429
    close_code = CloseCode.RATE_ABUSE
    retryable = True


class TooSlow(Disconnect):
    """You read more slowly than news come; connect again and recover with `since`."""

    close_code = CloseCode.TOO_SLOW
    retryable = True


class FrameTooBig(Disconnect):
    """The frame is too big."""

    error_type = "InvalidMessage"
    close_code = CloseCode.TOO_BIG


class HeartbeatLost(Disconnect):
    """Nothing was heard of you for too long."""

    close_code = CloseCode.HEARTBEAT_LOST
    retryable = True


class ShuttingDown(Disconnect):
    """The server is shutting down; connect again."""

    close_code = CloseCode.SHUTTING_DOWN
    retryable = True
