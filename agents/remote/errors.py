"""What may be wrong with a remote agent, in words for the people who registered it or wait for it."""

from agents.contract import AgentError, ProviderUnavailable
from agents.errors import CallboardError

TEXT_CHARACTERS = 300  # of what another system said that are shown


class Misbehaved(AgentError):
    """The agent answered in a way that it must not: too much, of the wrong type, or not true."""


class Unreachable(ProviderUnavailable):
    """The agent is out of reach, or does not answer in time."""


class UnusableCard(AgentError):
    """The agent card cannot be used."""


class NotRegistered(CallboardError):
    """The remote agent was not registered."""


class Lost(Exception):
    """An answer did not come: the line broke, or was silent for too long. The remote task may go on.

    `was_sent`: the request may have arrived. `retry_after`: the seconds that the other side asked to wait.
    """

    def __init__(self, why: str, *, was_sent: bool = True, retry_after: float = 0.0) -> None:
        super().__init__(why)
        self.why = why
        self.was_sent = was_sent
        self.retry_after = retry_after


def cleaned(text: str, *, secret: str = "", characters: int = TEXT_CHARACTERS) -> str:
    """What another system said, fit to be shown: one line, not too long, and without the secret that it was sent."""
    if secret:
        text = text.replace(secret, "[secret]")
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * characters]).split())
    return line if len(line) <= characters else line[: characters - 1] + "…"
