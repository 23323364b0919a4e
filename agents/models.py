"""Which agents exist, and how they have been doing."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, Q, Value, When

AGENT_NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,63}$"
WHY_LENGTH = 500  # of the reason for which one is off
WORDS_LENGTH = 200  # of what was changed
LEAST_WEIGHT, MOST_WEIGHT = 0.01, 100.0
MOST_CONCURRENT = 10_000
UNHEALTHY_AFTER = 5  # failures in a row; part of the schema, so a change needs a migration


class Agent(models.Model):
    """One agent as operators know it: its switch, its state and the sums its metrics are made of."""

    class Kind(models.TextChoices):
        CREW = "crew", "built in"
        A2A = "a2a", "remote (A2A)"

    class Status(models.TextChoices):
        IDLE = "idle"
        BUSY = "busy"
        ERROR = "error"
        OFFLINE = "offline"

    name = models.CharField(max_length=64, unique=True, validators=[RegexValidator(AGENT_NAME_PATTERN)])
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.CREW)
    description = models.TextField(blank=True)
    skills = models.JSONField(default=list)  # [{id, name, description, input_schema, output_schema, tags}]
    max_concurrent = models.PositiveSmallIntegerField(
        default=4, validators=[MinValueValidator(1), MaxValueValidator(MOST_CONCURRENT)]
    )
    weight = models.FloatField(
        default=1.0,
        validators=[MinValueValidator(LEAST_WEIGHT), MaxValueValidator(MOST_WEIGHT)],
        help_text="Of agents with the same skill, one with twice the weight gets twice the work.",
    )
    is_enabled = models.BooleanField(default=True, help_text="Off: it gets no new work.")
    is_draining = models.BooleanField(default=False, help_text="It finishes what it has, and gets no new work.")
    # Who switched it off, or lets it drain, and why; "" while it is in service, or where that is not known.
    disabled_by = models.CharField(max_length=150, blank=True, editable=False)
    disabled_why = models.CharField("why it is off", max_length=WHY_LENGTH, blank=True)
    # Of a remote agent: where it is, its card as it was read last, and what it takes to sign in there.
    url = models.CharField(max_length=500, blank=True)
    card = models.JSONField(null=True, blank=True, editable=False)
    card_checked_at = models.DateTimeField(null=True, editable=False)
    bearer_env = models.CharField(max_length=100, blank=True)  # the name of an environment variable
    credential = models.TextField(blank=True, editable=False)  # encrypted
    version = models.PositiveIntegerField(default=1, editable=False)  # of all that a process keeps of the row
    problem = models.CharField(max_length=500, blank=True, editable=False)  # why it is out of reach or of no use
    # False: a remote agent that does not answer, or one of the crew that this version no longer has.
    is_reachable = models.BooleanField(default=True, editable=False)

    in_flight = models.PositiveIntegerField(default=0, editable=False)
    message_count = models.PositiveBigIntegerField(default=0, editable=False, help_text="Jobs given to it.")
    error_count = models.PositiveBigIntegerField(default=0, editable=False)
    consecutive_errors = models.PositiveIntegerField(default=0, editable=False)
    finished_count = models.PositiveBigIntegerField(default=0, editable=False)
    total_seconds = models.FloatField(default=0.0, editable=False)
    last_error = models.TextField(blank=True, editable=False)
    last_error_at = models.DateTimeField(null=True, editable=False)
    last_seen_at = models.DateTimeField(null=True, editable=False)
    # Computed by the database from the columns above, so that it can never disagree with them.
    status = models.GeneratedField(
        expression=Case(
            When(Q(is_enabled=False) | Q(is_reachable=False), then=Value("offline")),
            When(consecutive_errors__gte=UNHEALTHY_AFTER, then=Value("error")),
            When(in_flight__gt=0, then=Value("busy")),
            default=Value("idle"),
        ),
        output_field=models.CharField(max_length=8),
        db_persist=True,
    )

    watcher: User  # who looks at it in the admin; no column

    IN_SERVICE: ClassVar = Q(is_enabled=True, is_draining=False)  # as far as people decide that
    # Of these an operator is told.
    FAILING: ClassVar = IN_SERVICE & Q(status__in=(Status.ERROR, Status.OFFLINE))

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_service(self) -> bool:
        """Whether it is among `IN_SERVICE`."""
        return self.is_enabled and not self.is_draining

    @property
    def is_failing(self) -> bool:
        """Whether it is among `FAILING`."""
        return self.is_in_service and self.status in {self.Status.ERROR, self.Status.OFFLINE}

    @property
    def reason(self) -> str:
        """Why it gets no work: "disabled by olga: replacing the GPU"; "" when it does."""
        if not self.is_in_service:
            by = f" by {self.disabled_by}" if self.disabled_by else ""
            why = f": {self.disabled_why}" if self.disabled_why else ""
            return f"{'draining' if self.is_enabled else 'disabled'}{by}{why}"
        if self.status == self.Status.OFFLINE:
            return self.problem or "out of reach"
        return f"failed {self.consecutive_errors} times in a row" if self.status == self.Status.ERROR else ""


class AgentChange(models.Model):
    """What a person did to an agent, in words ("disabled"), with the reason."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="changes")
    what = models.CharField(max_length=WORDS_LENGTH)
    by = models.CharField(max_length=150, blank=True)  # a username; "" where it is not known
    why = models.CharField(max_length=WHY_LENGTH, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.agent}: {self.what}"


class AgentSample(models.Model):
    """What one agent did in one minute, or in a quarter of an hour; see `agents.samples`."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="samples")
    minute = models.DateTimeField()  # with which it began
    seconds = models.PositiveSmallIntegerField(default=60)  # how long it is
    calls = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    total_seconds = models.FloatField(default=0.0)
    max_seconds = models.FloatField(default=0.0)
    durations = models.JSONField(default=dict)  # counts of calls by bucket, see `agents.durations`

    class Meta:
        ordering: ClassVar = ["agent", "minute"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agent", "minute"], name="one_sample_per_agent_and_minute")
        ]

    def __str__(self) -> str:
        return f"{self.agent} at {self.minute:%H:%M}"
