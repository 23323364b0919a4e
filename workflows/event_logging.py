"""Logs every recorded event, with the fields by which it can be searched. Connects itself when it is imported."""

import logging
from typing import Any, Final

from workflows.signals import event_recorded

log = logging.getLogger(__name__)

Json = dict[str, Any]

FIELDS: Final = ("stage", "task", "agent", "attempt", "action", "request_id", "outcome", "reason", "seconds")
FAILURE_KINDS: Final = frozenset({"workflow_failed", "task_failed"})


def _on_event(workflow_id: str, message: Json, **_: object) -> None:
    try:
        _log_event(workflow_id, message)
    except Exception:  # a receiver never raises
        log.exception("An event could not be logged.")


def _log_event(workflow_id: str, message: Json) -> None:
    level = _level(message["kind"], message["data"])
    if not log.isEnabledFor(level):
        return
    data: Json = message["data"]
    error: Json = data.get("error") or {}
    fields = {name: data[name] for name in FIELDS if data.get(name)}
    extra = {"workflow": workflow_id, "seq": message["seq"], **fields, "error_type": error.get("type")}
    title = str(message["kind"]).replace("_", " ").capitalize()
    log.log(level, "%s: %s" if error else "%s.%s", title, error.get("message", ""), extra=extra)


def _level(kind: str, data: Json) -> int:
    """WARNING for failures, INFO for what an operator follows, DEBUG for the rest: a film has hundreds of those."""
    if kind in FAILURE_KINDS:
        return logging.WARNING
    is_notable = kind.startswith(("workflow_", "control_")) or data.get("error") or data.get("reason") == "lost"
    return logging.INFO if is_notable else logging.DEBUG


event_recorded.connect(_on_event, dispatch_uid="event_logging")
