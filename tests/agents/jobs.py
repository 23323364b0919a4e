"""Jobs that agents have, as the layer above would count them."""

from collections import Counter

from agents import metrics

running: Counter[str] = Counter()  # by agent


def start(agent_name: str) -> None:
    """The agent gets a job."""
    running[agent_name] += 1
    metrics.call_started(agent_name)


def finish(agent_name: str, seconds: float, error: str = "", *, is_fault: bool = True) -> None:
    """The agent answers."""
    running[agent_name] = max(0, running[agent_name] - 1)
    metrics.call_finished(agent_name, seconds, error, is_fault=is_fault)


def abandon(agent_name: str) -> None:
    """The job will never be answered."""
    running[agent_name] -= 1
    metrics.call_abandoned(agent_name)


def slots() -> dict[str, set[int]]:
    """The slots that are taken."""
    return {name: set(range(count)) for name, count in running.items()}
