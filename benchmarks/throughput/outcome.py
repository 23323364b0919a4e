"""What the candidates that are compared with Callboard have in common: their options, and what they print."""

import argparse
import json


def sizes(description: str | None) -> argparse.Namespace:
    """`workflows`, each of so many `tasks`, for so many `workers`."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workflows", type=int, default=1)
    parser.add_argument("--tasks", type=int, default=200)
    parser.add_argument("--workers", type=int, default=1)
    return parser.parse_args()


def print_outcome(tasks: int, *, seconds: float, cpu_seconds: float) -> None:
    """As a line of JSON."""
    outcome = {
        "tasks": tasks,
        "seconds": round(seconds, 3),
        "tasks_per_second": round(tasks / seconds, 1),
        "cpu_ms_per_task": round(1_000 * cpu_seconds / tasks, 3),
    }
    print(json.dumps(outcome))
