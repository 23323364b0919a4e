"""Which runners are alive, and which skills none of them serves.

Each runner keeps its row of the table `Runner` up to date. Times are those of the database, so that the clocks of
machines need not agree.
"""

import socket
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from workflows import pipelines
from workflows.models import Runner

HEARTBEAT_SECONDS = 2.0
STALE_SECONDS = 15.0  # a runner that gave no sign of life for so long is dead
KEEP_DEAD_SECONDS = 86_400.0  # operators can see for so long that there was one


@dataclass(frozen=True)
class RunnerInfo:
    """What a runner says of itself. `skills` is None when it serves all."""

    name: str
    kind: str  # of `Runner.Kind`
    threads: int
    skills: frozenset[str] | None = None


def sign_in(runner: RunnerInfo) -> None:
    """Says that the runner is alive. Called every HEARTBEAT_SECONDS."""
    if not Runner.objects.filter(name=runner.name).update(last_seen_at=Now()):
        Runner.objects.create(
            name=runner.name,
            host=socket.gethostname()[:255],
            kind=runner.kind,
            skills=None if runner.skills is None else sorted(runner.skills),
            threads=runner.threads,
            started_at=Now(),
            last_seen_at=Now(),
        )


def sign_out(name: str) -> None:
    """Says that the runner has stopped, and left no attempt running."""
    Runner.objects.filter(name=name).delete()


def live() -> QuerySet[Runner]:
    """The runners that are alive."""
    return Runner.objects.filter(last_seen_at__gte=_moments_ago(STALE_SECONDS))


def dead() -> QuerySet[Runner]:
    """The runners that died: they gave no sign of life for STALE_SECONDS, and have not signed out."""
    return Runner.objects.filter(last_seen_at__lt=_moments_ago(STALE_SECONDS))


def declare_dead(names: Collection[str]) -> None:
    """Says that these runners are dead, for who knows it before they are STALE_SECONDS late."""
    Runner.objects.filter(name__in=names).update(last_seen_at=_moments_ago(STALE_SECONDS + 1))


def forget_dead() -> None:
    """Deletes the rows of runners that died long ago."""
    Runner.objects.filter(last_seen_at__lt=_moments_ago(KEEP_DEAD_SECONDS)).delete()


def unserved_skills(runners: list[Runner]) -> list[str]:
    """The skills that pipelines need and none of these runners serves, sorted."""
    needed = {step.skill for pipeline in pipelines.known() for step in pipeline.steps}
    return sorted(skill for skill in needed if not any(runner.serves(skill) for runner in runners))


def _moments_ago(seconds: float) -> CombinedExpression:
    return Now() - timedelta(seconds=seconds)
