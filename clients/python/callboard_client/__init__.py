"""A client of Callboard in Python: follows and controls workflows. `AsyncClient`, or `Client` for programs without a loop."""

from callboard_client.aio import AsyncClient
from callboard_client.apply_message import add_artifacts, add_tasks, apply_message
from callboard_client.errors import CallboardError, NotSignedIn, Refused, Unreachable
from callboard_client.sync import Client
from callboard_client.types import ENDED

__all__ = [
    "ENDED",
    "AsyncClient",
    "CallboardError",
    "Client",
    "NotSignedIn",
    "Refused",
    "Unreachable",
    "add_artifacts",
    "add_tasks",
    "apply_message",
]
