"""Writes into the log what happens to workflows: every recorded event, with the fields that a search finds it by."""

import logging
from typing import Any, Final

from workflows.signals import event_recorded

log = logging.getLogger(__name__)

Json = dict[str, Any]

FACTS: Final = ("stage", "task", "agent", "attempt", "action", "request_id", "outcome", "reason", "seconds")
FAILURES: Final = frozenset({"workflow_failed", "task_failed"})


def _on_event(workflow_id: str, message: Json, **_: object) -> None:
    try:
        _write_down(workflow_id, message)
    except Exception:  # a receiver never raises
        log.exception("An event could not be written down.")


def _write_down(workflow_id: str, message: Json) -> None:
    level = _level(message["kind"], message["data"])
    if not log.isEnabledFor(level):
        return
    data: Json = message["data"]
    error: Json = data.get("error") or {}
    facts = {name: data[name] for name in FACTS if data.get(name)}
    extra = {"workflow": workflow_id, "seq": message["seq"], **facts, "error_type": error.get("type")}
    what = str(message["kind"]).replace("_", " ").capitalize()
    log.log(level, "%s: %s" if error else "%s.%s", what, error.get("message", ""), extra=extra)


def _level(kind: str, data: Json) -> int:
    """What an operator wants to see; a film has hundreds of the others."""
    if kind in FAILURES:
        return logging.WARNING
    is_news = kind.startswith(("workflow_", "control_")) or data.get("error") or data.get("reason") == "lost"
    return logging.INFO if is_news else logging.DEBUG


event_recorded.connect(_on_event, dispatch_uid="chronicle")
