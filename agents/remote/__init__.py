"""Remote agents: an A2A agent that is registered by its URL looks like a local one (docs/a2a.md)."""

from agents.remote.agent import agent_of

__all__ = ["agent_of"]
