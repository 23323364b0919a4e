"""What may go wrong while an agent is asked: told as Lost (it may still come) or as an AgentError (it will not)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from a2a.client.errors import A2AClientError
from a2a.utils.errors import A2AError, InternalError
from google.protobuf.json_format import ParseError

from agents.contract import AgentError
from agents.remote.errors import Lost, Misbehaved, cleaned

TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})  # HTTP statuses that a later request may not get


@asynccontextmanager
async def listening(
    seconds: float, *, secret: str = "", passing: tuple[type[A2AError], ...] = ()
) -> AsyncIterator[None]:
    """Waits for an answer, as a whole at most `seconds`; `secret` is kept out of what is told.

    Raises: Lost, AgentError, and the errors of A2A that are `passing`.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise Lost("It did not answer in time.") from None
    except passing:
        raise
    except (A2AError, httpx.HTTPError) as error:
        raise _told(error, secret) from None
    except (ParseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        # What the SDK lets through where an answer is not what it takes for granted.
        raise Misbehaved(f"It gave an answer that is not of A2A: {cleaned(str(error), secret=secret)}") from None


def _told(error: Exception, secret: str) -> Exception:
    cause = error.__cause__ if isinstance(error, A2AClientError) and error.__cause__ else error
    text = cleaned(str(error), secret=secret)
    match cause:
        case httpx.HTTPStatusError():
            return _refused(cause.response)
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return Lost("It cannot be reached.", was_sent=False)
        case httpx.TimeoutException():
            return Lost("It did not answer in time.")
        case httpx.RequestError():
            return Lost("The connection broke.")
        case A2AClientError():
            return Misbehaved(f"It gave an answer that is not of A2A: {text}")
        case _:
            return AgentError(f"It answers: {text}", retryable=isinstance(error, InternalError))


def _refused(answer: httpx.Response) -> Exception:
    status = answer.status_code
    if status in {401, 403}:
        return AgentError(f"It does not accept the credential (HTTP {status}).")
    if answer.is_redirect:
        return Misbehaved(f"It redirects to another address (HTTP {status}), which is not followed.")
    if status in TRANSIENT:
        return Lost(f"It answers with HTTP {status}.", retry_after=_seconds(answer.headers.get("retry-after", "")))
    return AgentError(f"It answers with HTTP {status}.")


def _seconds(header: str) -> float:
    return float(header) if header.isascii() and header.isdigit() and len(header) < 6 else 0.0
