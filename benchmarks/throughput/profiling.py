"""Profiles a run in one thread with cProfile: the share of each layer in the CPU time, and the most expensive functions."""

import cProfile
import pstats
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

# The files of each layer; built-in functions count for the layer that calls them.
LAYERS: Final = (
    ("database driver", ("backends/sqlite3/", "backends/postgresql/", "sqlite3.", "psycopg")),
    ("connections and transactions", ("django/db/transaction.py", "django/db/backends/", "django/db/utils.py")),
    ("building queries", ("django/db/models/",)),
    ("the rest of Django", ("django/", "asgiref/")),
    ("progress and estimates", ("workflows/progress.py", "workflows/estimates.py")),
    ("coordinator, claims, events", ("workflows/",)),
    ("agents", ("agents/",)),
    ("sockets", ("realtime/",)),
)
REST: Final = "Python's library"
FUNCTIONS: Final = 30

Json = dict[str, Any]


def profiled(function: Callable[[], object]) -> Json:
    """Calls the function. Returns the share of each layer, and cumulative ms of our own functions."""
    profile = cProfile.Profile(time.process_time)
    profile.runcall(function)
    return {"layers": _layers(profile), "functions": _functions(profile)}


def _layers(profile: cProfile.Profile) -> dict[str, float]:
    seconds: Counter[str] = Counter()
    for (path, _, name), (_, _, own, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if path != "~":
            seconds[_layer(path)] += own
            continue
        for (caller, _, _), (_, _, for_it, _) in callers.items():
            seconds[_layer(name if "sqlite3." in name or "psycopg" in name else caller)] += for_it
    return {layer: round(own / seconds.total(), 4) for layer, own in seconds.most_common()}


def _layer(path: str) -> str:
    return next((layer for layer, parts in LAYERS if any(part in path for part in parts)), REST)


def _functions(profile: cProfile.Profile) -> dict[str, float]:
    """Cumulative seconds of each of our own functions, the most expensive first."""
    seconds: Counter[str] = Counter()
    for (path, _, name), (_, _, _, cumulative, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        for folder in ("/workflows/", "/agents/", "/realtime/"):
            if folder in path and "site-packages" not in path:
                seconds[f"{folder[1:]}{path.rpartition(folder)[2]}:{name}"] += cumulative
    return {name: round(each, 3) for name, each in seconds.most_common(FUNCTIONS)}
