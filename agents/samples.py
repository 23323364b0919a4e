"""What each agent did: minute by minute for two days, then in quarters of an hour, for 30 days.

A sample holds sums and a histogram of durations, so that any number of them can be added up to one, whichever process
wrote them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

import msgspec
from django.db import transaction
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from agents import durations
from agents.bodies import AgentHistory, AgentMinute
from agents.models import Agent, AgentSample

KEEP_MINUTES: Final = timedelta(days=2)
KEEP: Final = timedelta(days=30)
MINUTE, QUARTER = 60, 900  # seconds of a sample
AT_ONCE: Final = timedelta(days=1)  # that one transaction thins
SPANS: Final = (MINUTE, 300, QUARTER, 3_600, 10_800)  # seconds of a sample of a history
MOST_SAMPLES: Final = 300  # of a history
ACTIVITY_SAMPLES: Final = 20  # of a history among several

_counts: Final = msgspec.json.Decoder(dict[str, int])


class Summable(Protocol):
    """A sample, or the sum of some."""

    @property
    def calls(self) -> int: ...
    @property
    def errors(self) -> int: ...
    @property
    def total_seconds(self) -> float: ...
    @property
    def max_seconds(self) -> float: ...
    @property
    def durations(self) -> Mapping[str, int]: ...


@dataclass(slots=True)
class Totals:
    """The sum of some samples. Times in seconds."""

    calls: int = 0
    errors: int = 0
    total_seconds: float = 0.0
    max_seconds: float = 0.0
    durations: dict[str, int] = field(default_factory=dict)

    def add(self, other: "Summable") -> None:
        """Adds what a sample, or another sum, has."""
        self.calls += other.calls
        self.errors += other.errors
        self.total_seconds += other.total_seconds
        self.max_seconds = max(self.max_seconds, other.max_seconds)
        for bucket, count in other.durations.items():
            self.durations[bucket] = self.durations.get(bucket, 0) + count

    def add_call(self, seconds: float, *, has_failed: bool) -> None:
        """Adds a call."""
        self.add(Totals(1, int(has_failed), seconds, seconds, {durations.bucket_of(seconds): 1}))

    def percentile(self, share: float) -> float | None:
        """The seconds within which this share of the calls ended."""
        return durations.percentile(self.durations, share, self.max_seconds)

    def as_body(self, began: datetime) -> AgentMinute:
        """The totals of a period as they are sent."""
        return AgentMinute(
            minute=began,
            calls=self.calls,
            errors=self.errors,
            total_seconds=self.total_seconds,
            max_seconds=self.max_seconds,
            p50=self.percentile(0.5),
            p95=self.percentile(0.95),
        )

    def write_to(self, sample: AgentSample) -> None:
        """Saves the sample with the totals."""
        sample.calls, sample.errors, sample.durations = self.calls, self.errors, dict(self.durations)
        sample.total_seconds, sample.max_seconds = self.total_seconds, self.max_seconds
        sample.save()


def add(agent: Agent, calls: Totals) -> None:
    """Adds calls of an agent to the present minute. To be called in a transaction."""
    began = _floor(timezone.now(), MINUTE)
    AgentSample.objects.get_or_create(agent=agent, minute=began)
    # Locked, because what other processes have counted meanwhile is in the histogram, too.
    sample = AgentSample.objects.select_for_update().get(agent=agent, minute=began)
    total = sum_of([sample])
    total.add(calls)
    total.write_to(sample)


def sum_of(samples: "Iterable[Summable]") -> Totals:
    """All of them in one."""
    total = Totals()
    for sample in samples:
        total.add(sample)
    return total


def history(agent: Agent, hours: int, span: int | None = None) -> AgentHistory:
    """What the agent did in the last hours, in samples of `span` seconds (None: at most MOST_SAMPLES), and their sum."""
    span = span or next(span for span in SPANS if hours * 3_600 <= span * MOST_SAMPLES)
    return _history(agent.name, hours, span, _periods(agent, timezone.now() - timedelta(hours=hours), span))


def _history(name: str, hours: int, span: int, periods: dict[datetime, Totals]) -> AgentHistory:
    total = sum_of(periods.values())
    return AgentHistory(
        agent_name=name,
        hours=hours,
        seconds=span,
        calls=total.calls,
        errors=total.errors,
        p50=total.percentile(0.5),
        p95=total.percentile(0.95),
        samples=[period.as_body(began) for began, period in periods.items()],
    )


def histories(names: Collection[str], hours: int) -> list[AgentHistory]:
    """What each of these agents did in the last hours, in about ACTIVITY_SAMPLES samples. One query for their rows."""
    span = hours * 3_600 // ACTIVITY_SAMPLES
    moment = _floor(timezone.now() - timedelta(hours=hours), span)
    known = dict(Agent.objects.filter(name__in=names).values_list("pk", "name"))
    rows = AgentSample.objects.filter(agent__in=known, minute__gte=moment).order_by("minute")
    periods = _by_period(rows, span)
    return [_history(name, hours, span, periods.get(key, {})) for key, name in known.items()]


def since(agent: Agent, moment: datetime, span: int = MINUTE) -> list[AgentMinute]:
    """What the agent did since then, in periods of `span` seconds, oldest first; without those in which it did nothing."""
    return [total.as_body(began) for began, total in _periods(agent, moment, span).items()]


def _periods(agent: Agent, moment: datetime, span: int) -> dict[datetime, Totals]:
    rows = agent.samples.filter(minute__gte=_floor(moment, span)).order_by("minute")
    return _by_period(rows, span).get(agent.pk, {})


def _by_period(rows: "QuerySet[AgentSample]", span: int) -> dict[int, dict[datetime, Totals]]:
    """The sums of periods of `span` seconds, by the agent's key."""
    # As text, because what Django makes of thousands of moments and dicts takes longer than all the rest.
    as_text = {"began": Cast("minute", TextField()), "counts": Cast("durations", TextField())}
    columns = ("agent_id", "began", "calls", "errors", "total_seconds", "max_seconds", "counts")
    periods: dict[int, dict[int, Totals]] = {}
    for agent, began, calls, errors, total, longest, counts in rows.annotate(**as_text).values_list(*columns):
        number = int(datetime.fromisoformat(began).replace(tzinfo=UTC).timestamp()) // span
        period = periods.setdefault(agent, {}).setdefault(number, Totals())
        period.add(Totals(calls, errors, total, longest, _counts.decode(counts)))
    return {
        agent: {datetime.fromtimestamp(number * span, UTC): period for number, period in numbered.items()}
        for agent, numbered in periods.items()
    }


def thin() -> None:
    """Joins minutes that are older than KEEP_MINUTES to quarters of an hour; deletes what is older than KEEP.

    Any number of processes may call it at any time.
    """
    now = timezone.now()
    before = _floor(now - KEEP_MINUTES, QUARTER)
    for agent in Agent.objects.only("pk"):
        agent.samples.filter(minute__lt=now - KEEP).delete()
        while _thin_some(agent, before):
            pass


def _thin_some(agent: Agent, before: datetime) -> bool:
    """Thins the oldest minutes; False when there are none."""
    with transaction.atomic():
        # One process at a time. Not the lock that a new sample, which refers to the row, would wait for.
        list(Agent.objects.select_for_update(no_key=True).filter(pk=agent.pk).values_list("pk"))
        minutes = agent.samples.filter(seconds=MINUTE, minute__lt=before)
        oldest = minutes.order_by("minute").values_list("minute", flat=True).first()
        if oldest is None:
            return False
        start = _floor(oldest, QUARTER)
        thinned = agent.samples.filter(minute__gte=start, minute__lt=min(before, start + AT_ONCE))
        quarters: dict[datetime, Totals] = {}
        for sample in thinned:
            quarters.setdefault(_floor(sample.minute, QUARTER), Totals()).add(sample)
        thinned.delete()
        for began, total in quarters.items():
            total.write_to(AgentSample(agent=agent, minute=began, seconds=QUARTER))
    return True


def _floor(moment: datetime, seconds: int) -> datetime:
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, UTC)
