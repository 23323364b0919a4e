"""Makes room, as the settings say: by age, by state, and by how much all artifacts of this installation may take.

What is of least use goes first: takes of a shot that were not chosen, and what tasks left that came to no end; then whole workflows,
the oldest first. Only of workflows that have ended; each in a transaction of its own.
"""

import logging
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from agents.contract import ArtifactKind
from agents.errors import TargetNotFound
from workflows.lifecycle import FINAL_STATES, TaskState
from workflows.locking import locked_workflow
from workflows.models import Artifact, Workflow

log = logging.getLogger(__name__)

AT_ONCE: Final = 100  # whose keys are read together
# As the camera names them, see agents/crew/camera_image_generator.py.
TAKES: Final = Q(kind=ArtifactKind.FRAME, name__startswith="take-")


@dataclass(frozen=True, slots=True)
class Rules:
    """What is to go. 0 stands for: nothing."""

    days: int = 0  # after its end a workflow is deleted
    states: Collection[str] = FINAL_STATES  # that are deleted after `days`
    spare_days: int = 0  # after the end of its workflow a spare artifact is deleted
    megabytes: int = 0  # that all artifacts may take; what exceeds it goes

    @classmethod
    def of_settings(cls) -> "Rules":
        """What the settings say."""
        return cls(
            days=settings.RETENTION_DAYS,
            states=settings.RETENTION_STATES or FINAL_STATES,
            spare_days=settings.RETENTION_DAYS_OF_TAKES,
            megabytes=settings.STORED_MEGABYTES,
        )


@dataclass(slots=True)
class Freed:
    """What went."""

    workflows: int = 0
    artifacts: int = 0  # without their workflows
    bytes: int = 0


def enforce(stopping: threading.Event) -> None:
    """Does what the settings say, until `stopping` is set."""
    freed = prune(Rules.of_settings(), stopping)
    if freed.bytes or freed.workflows:
        counts = (freed.workflows, freed.artifacts, freed.bytes / 1e6)
        log.info("Retention: %d workflows and %d spare artifacts were deleted, %.1f MB.", *counts)


def prune(rules: Rules, stopping: threading.Event, *, is_dry_run: bool = False) -> Freed:
    """Deletes what the rules say, until `stopping` is set. A dry run only counts."""
    pruning = _Pruning(rules, stopping, is_dry_run=is_dry_run)
    pruning.by_age()
    pruning.by_size()
    return pruning.freed


def stored_bytes() -> int:
    """What all artifacts take; a file that several workflows use counts once."""
    files = Artifact.objects.order_by().values("file").annotate(bytes=Max("size"))
    return int(files.aggregate(all=Sum("bytes", default=0))["all"])


@dataclass(slots=True)
class _Pruning:
    rules: Rules
    stopping: threading.Event
    is_dry_run: bool = field(kw_only=True)
    freed: Freed = field(default_factory=Freed)
    gone: set[UUID] = field(default_factory=set)  # workflows and artifacts, which a dry run must not count again

    def by_age(self) -> None:
        now = timezone.now()
        if self.rules.spare_days:
            self._each(self._remove_spares, _with_spares(now - timedelta(days=self.rules.spare_days)))
        if self.rules.days:
            before = now - timedelta(days=self.rules.days)
            self._each(self._remove, _ended(before, self.rules.states), before)

    def by_size(self) -> None:
        if not self.rules.megabytes:
            return
        goal = self.freed.bytes + stored_bytes() - self.rules.megabytes * 1_000_000
        if self.is_dry_run:
            goal -= self.freed.bytes  # they are still there
        now = timezone.now()
        if self.freed.bytes < goal:
            self._each(self._remove_spares, _with_spares(now), goal=goal)
        if self.freed.bytes < goal:
            self._each(self._remove, _ended(now, FINAL_STATES), now, goal=goal)

    def _each(self, remove: Any, keys: Iterable[UUID], *given: object, goal: float = float("inf")) -> None:  # noqa: ANN401
        for key in keys:
            if self.stopping.is_set() or self.freed.bytes >= goal:
                return
            try:
                # Another runner may have been quicker, or somebody may have retried it meanwhile.
                with suppress(TargetNotFound), locked_workflow(key) as current:
                    if current.state in FINAL_STATES and key not in self.gone:
                        remove(current, *given)
            except Exception:  # it is left for the next time; the others must not wait for it
                log.exception("A workflow that ended long ago could not be deleted.", extra={"workflow": str(key)})

    def _remove_spares(self, workflow: Workflow) -> None:
        for artifact in _spares().filter(workflow=workflow):
            if artifact.pk not in self.gone:
                self.gone.add(artifact.pk)
                self.freed.artifacts += 1
                self.freed.bytes += artifact.size
                if not self.is_dry_run:
                    artifact.delete()

    def _remove(self, workflow: Workflow, before: datetime) -> None:
        if not workflow.finished_at or workflow.finished_at >= before:
            return
        elsewhere = Artifact.objects.filter(file=OuterRef("file")).exclude(workflow=workflow)
        own = Artifact.objects.filter(~Exists(elsewhere), workflow=workflow).exclude(pk__in=self.gone)
        key, freed = workflow.pk, sum(dict(own.values_list("file", "size")).values())
        if not self.is_dry_run:
            workflow.delete()  # it has no key any more
            log.info("A workflow that ended long ago was deleted.", extra={"workflow": str(key)})
        self.gone.add(key)
        self.freed.workflows += 1
        self.freed.bytes += freed


def _spares() -> "QuerySet[Artifact]":
    """Takes that were not chosen, and what tasks left that came to no end. A chosen take shares its file with the frame."""
    shared = Artifact.objects.filter(file=OuterRef("file")).exclude(pk=OuterRef("pk"))
    return Artifact.objects.filter(TAKES | ~Q(task__state=TaskState.COMPLETED)).filter(~Exists(shared)).order_by()


def _with_spares(before: datetime) -> list[UUID]:
    """The workflows that ended before and have spare artifacts, the oldest first."""
    spares = _spares().filter(workflow__finished_at__lt=before, workflow__state__in=FINAL_STATES)
    found = spares.order_by("workflow__finished_at").values_list("workflow", "workflow__finished_at").distinct()
    return [key for key, _ in found]


def _ended(before: datetime, states: Collection[str]) -> Iterator[UUID]:
    """The keys of the workflows that ended before, a page at a time, the oldest first."""
    ended = Workflow.objects.filter(finished_at__lt=before, state__in=states).order_by("finished_at", "pk")
    after: datetime | None = None
    while page := list(
        (ended.filter(finished_at__gt=after) if after else ended).values_list("pk", "finished_at")[:AT_ONCE]
    ):
        yield from (key for key, _ in page)
        after = page[-1][1]
