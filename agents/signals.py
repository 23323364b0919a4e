"""Signals of the agents app, sent after commit. Names are in the past tense; no receiver may raise."""

from django.dispatch import Signal

# agent_status_changed(agent_name: str, body: dict): the newest status of one agent, in the shape of the
# `agent_status` message's fields (agent_name, status, metrics).
agent_status_changed = Signal()

# agents_changed(): an agent has come to this process, or has other skills than before.
agents_changed = Signal()
