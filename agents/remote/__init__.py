"""Remote agents: an A2A agent looks like a local one."""

from agents.contract import AsyncAgent
from agents.models import Agent


def agent_of(row: Agent) -> AsyncAgent:
    """The agent that this row describes.

    Raises: NotImplementedError: nothing registers such rows yet.
    """
    raise NotImplementedError(row.name)
