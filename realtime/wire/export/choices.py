"""The closed sets of values that stand in the documents by name: error types, message types, kinds of events."""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from agents import contract
from agents.choices import ERROR_TYPE
from agents.errors import CallboardError
from agents.remote import errors as remote_errors
from realtime.wire import messages
from realtime.wire.errors import Disconnect, ProtocolError
from workflows import errors as workflow_errors
from workflows import events

BASES: Final = frozenset({CallboardError, ProtocolError, Disconnect})
OURS: Final = frozenset({"agents", "workflows", "realtime"})
# Imported, so that their errors are among the subclasses.
ERROR_MODULES: Final = (contract, remote_errors, workflow_errors)


def error_types() -> list[str]:
    """Every `error_type` that a socket, an event or the HTTP API may carry, sorted.

    Those of REST framework, which only the HTTP API has, are missing.
    """
    return sorted({error.error_type for error in _subclasses(CallboardError) if _is_sent(error)})


def _subclasses(error: type[CallboardError]) -> Iterator[type[CallboardError]]:
    for subclass in error.__subclasses__():
        yield from (subclass, *_subclasses(subclass))


def _is_sent(error: type[CallboardError]) -> bool:
    # Whatever else an agent raises is recorded as AgentError.
    is_itself = error in (contract.AgentError, contract.BudgetReached)
    is_sent_as_another = issubclass(error, contract.AgentError) and not is_itself
    return error not in BASES and not is_sent_as_another and error.__module__.partition(".")[0] in OURS


def message_types(structs: Iterable[type[Struct]]) -> list[str]:
    """The `type` of each of these messages, once, in their order."""
    return list(dict.fromkeys(str(struct.__struct_config__.tag) for struct in structs))


def exported_choices() -> dict[str, list[str]]:
    """The values of the sets that no annotation lists, by the name of the set."""
    return {
        str(ERROR_TYPE.title): error_types(),
        "EventKind": list(events.KINDS),
        "ServerMessageType": message_types(messages.SERVER_MESSAGES),
        "ClientMessageType": message_types(messages.CLIENT_MESSAGES),
    }
