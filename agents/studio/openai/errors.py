"""What a provider's error means to a maker. No key, no address and no raw answer gets into the words."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
from django.conf import settings
from openai import APIConnectionError, APIStatusError, APITimeoutError

from agents.contract import AgentError, ProviderUnavailable, UnusableInput
from agents.studio.openai.bounds import AnswerRefused

QUOTED_CHARACTERS = 200  # of what the provider says
_SECRET = re.compile(r"\b(?:sk|key|pk|rk)[-_][\w*.-]{4,}|(?i:bearer)\s+\S+|[\w+/=-]{40,}")
_NO_CREDIT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_CONTENT = frozenset({"content_policy_violation", "moderation_blocked", "content_filter"})
_MEANINGS = {  # status: (what it means, whether trying again may help)
    401: ("The AI provider refused the key. Check OPENAI_API_KEY.", False),
    402: ("The account with the AI provider has no credit left.", False),
    403: ("The AI provider does not allow this key to use that model. Check its rights, or name another model.", False),
    404: (
        "The AI provider does not know the address or the model. Check OPENAI_BASE_URL and the OPENAI_..._MODEL names.",
        False,
    ),
    408: ("The AI provider gave up waiting. Trying again may help.", True),
    409: ("The AI provider was busy with the same thing. Trying again may help.", True),
    413: ("The AI provider says that this is too much at once. Shorten the input.", False),
    429: ("The AI provider asks us to slow down. It will be tried again.", True),
}


class ContentRefused(UnusableInput):
    """The provider refuses to make such a thing."""


class ProviderError(AgentError):
    """The provider answered with an error status."""

    def __init__(self, message: str, *, status: int, retryable: bool, retry_after: float | None) -> None:
        super().__init__(message, retryable=retryable, retry_after=retry_after)
        self.status = status


class ProviderBusy(ProviderError, ProviderUnavailable):
    """The provider answered that it cannot do it now."""


def as_agent_error(error: Exception, *, timeout_seconds: float) -> AgentError:
    """What the client raised, in words for a maker, with whether and when to try again."""
    match error:
        case APITimeoutError() | TimeoutError() | httpx2.TimeoutException():
            return ProviderUnavailable(f"The AI provider did not answer within {timeout_seconds:g} s.", retryable=True)
        case AnswerRefused():
            return AgentError(str(error))
        case APIConnectionError(__cause__=httpx2.ConnectError()):
            return ProviderUnavailable(
                "The provider is unreachable. Check the network and OPENAI_BASE_URL.", retryable=True
            )
        case APIStatusError():
            return _of_status(error)
        case APIConnectionError() | httpx2.HTTPError():
            return ProviderUnavailable("The connection to the AI provider broke off.", retryable=True)
        case _:  # the client itself: an answer that it could not read, a setting that it does not take
            return AgentError(f"The AI provider's answer could not be read: {quoted(str(error))}", retryable=True)


def _of_status(error: APIStatusError) -> AgentError:
    if error.code in _CONTENT:
        return ContentRefused(
            "The AI provider refuses to make this: it is against its content rules. Change the wording."
        )
    message, is_retryable = _meaning(error)
    asked = error.response.headers.get("x-should-retry")
    kind = ProviderBusy if is_retryable else ProviderError
    return kind(
        message,
        status=error.status_code,
        retryable=is_retryable if asked not in {"true", "false"} else asked == "true",
        retry_after=retry_after(error.response.headers) if is_retryable else None,
    )


def _meaning(error: APIStatusError) -> tuple[str, bool]:
    if error.code in _NO_CREDIT:
        return _MEANINGS[402]
    if error.status_code in _MEANINGS:
        return _MEANINGS[error.status_code]
    if error.status_code >= 500:
        return f"The AI provider has a fault of its own ({error.status_code}). Trying again may help.", True
    return f"The AI provider refused the request ({error.status_code}): {quoted(_words(error.body))}", False


def _words(body: object) -> str:
    message = body.get("message") if isinstance(body, Mapping) else None
    return message if isinstance(message, str) and message.strip() else "it did not say why."


def quoted(words: str) -> str:
    """What the provider says, short and without anything that looks like a secret or an address."""
    key = settings.OPENAI_API_KEY
    without_key = words.replace(key, "…") if key else words
    plain = " ".join("…" if "://" in word else word for word in without_key.split())
    return _SECRET.sub("…", plain)[:QUOTED_CHARACTERS]


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that the provider asks us to wait (RFC 9110, 10.2.3: a number or a date), if it does."""
    value = headers.get("retry-after", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value)
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _seconds_until(date: str) -> float:
    try:
        return (parsedate_to_datetime(date).replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds()
    except ValueError:
        return math.nan
