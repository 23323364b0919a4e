"""What people change of agents: on, off and draining, capacity, weight. Each change is kept, with who made it and why.

The rows hold the switches, so they are the same in every process, and after a restart.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction

from accounts import audit
from agents import metrics
from agents.models import WHY_LENGTH, WORDS_LENGTH, Agent, AgentChange

KEEP_CHANGES: Final = 500  # of each agent, the latest
WORDS: Final = {"is_enabled": ("disabled", "enabled"), "is_draining": ("no longer draining", "draining")}


def change(
    names: Iterable[str],
    *,
    by: str = "",
    why: str = "",
    is_enabled: bool | None = None,
    is_draining: bool | None = None,
    max_concurrent: int | None = None,
    weight: float | None = None,
) -> int:
    """Changes agents, for all processes, effective at once; None leaves something as it is. Returns how many changed.

    `by` (a username) and `why` are kept, and of one that gets no work they are shown to those whose work waits for it.
    """
    wanted = {
        "is_enabled": is_enabled,
        "is_draining": is_draining,
        "max_concurrent": max_concurrent,
        "weight": weight,
    }
    return sum(_change(name, by, why[:WHY_LENGTH], wanted) for name in names)


def _change(name: str, by: str, why: str, wanted: dict[str, Any]) -> bool:
    with transaction.atomic():
        row = Agent.objects.select_for_update(no_key=True).filter(name=name).first()
        if row is None:
            return False
        changed = {name: value for name, value in wanted.items() if value not in (None, getattr(row, name))}
        if not changed:
            return False
        words = [_in_words(row, name, value) for name, value in changed.items()]
        for column, value in changed.items():
            setattr(row, column, value)
        if WORDS.keys() & changed:
            row.disabled_by, row.disabled_why = ("", "") if row.is_in_service else (by, why)
        row.save(update_fields=[*changed, "disabled_by", "disabled_why"])
        _keep(row, ", ".join(words), by, why)
        metrics.announce(name)
    return True


def _in_words(row: Agent, name: str, value: Any) -> str:  # noqa: ANN401 - of a column
    if name in WORDS:
        return WORDS[name][bool(value)]
    label = "capacity" if name == "max_concurrent" else name
    return f"{label} {value:g} instead of {getattr(row, name):g}"


def reset_breaker(name: str, *, by: str = "", why: str = "") -> bool:
    """Lets an agent that failed too often have work at once. Returns whether it had failed."""
    with transaction.atomic():
        if not Agent.objects.filter(name=name, consecutive_errors__gt=0).update(consecutive_errors=0):
            return False
        note(name, "breaker reset", by=by, why=why)
        metrics.announce(name)
    return True


def note(name: str, what: str, *, by: str = "", why: str = "") -> None:
    """Keeps what a person did to an agent; an unknown one is ignored."""
    if row := Agent.objects.filter(name=name).only("name").first():
        _keep(row, what, by, why[:WHY_LENGTH])


def _keep(row: Agent, what: str, by: str, why: str) -> None:
    AgentChange.objects.create(agent=row, what=what[:WORDS_LENGTH], by=by, why=why)
    audit.record("changed_agent", user=by, subject=f"agent {row.name}", outcome=what)
    last = row.changes.values_list("pk", flat=True)[KEEP_CHANGES : KEEP_CHANGES + 1].first()
    if last is not None:
        row.changes.filter(pk__lte=last).delete()
