"""What one user may take of a server that many share. Each limit is a setting."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from workflows.errors import StorageLimitExceeded, TooManyPictures, TooManyTasks, TooManyWorkflows
from workflows.lifecycle import ACTIVE_STATES
from workflows.models import Artifact, LongText, Picture, Workflow
from workflows.pipelines import one_step

HOUR = timedelta(hours=1)
FULL_RETRY_SECONDS = 30.0  # about the time in which one of a user's workflows may end


def check_new_workflow(owner: User, pipeline: str) -> None:
    """Whether the user may start one more workflow of this pipeline now. To be called in the transaction that creates it.

    Single tasks of agents have limits of their own: who has a film made elsewhere asks for hundreds.

    Locks the owner's row, so that of requests at once none exceeds a limit.
    Raises: TooManyWorkflows, StorageLimitExceeded.
    """
    User.objects.select_for_update().only("pk").get(pk=owner.pk)
    is_agent_task = pipeline.startswith(one_step.PREFIX)
    if is_agent_task:
        what, most, hourly = "tasks of agents", settings.AGENT_TASKS_PER_USER, settings.AGENT_TASKS_PER_HOUR
    else:
        what, most, hourly = "workflows", settings.ACTIVE_WORKFLOWS_PER_USER, settings.WORKFLOWS_PER_HOUR
    workflows = _alike(owner, is_agent_task=is_agent_task)
    if workflows.filter(state__in=ACTIVE_STATES).count() >= most:
        message = f"You have {most} active {what}, as many as one person may. Wait for one to end, or cancel one."
        raise TooManyWorkflows(message, retry_after=FULL_RETRY_SECONDS)
    _check_rate(workflows, what, hourly)
    _check_storage(owner)


def check_new_picture(owner: User) -> None:
    """Whether the user may bring one more picture now.

    Locks the owner's row, where it is called in the transaction that keeps the picture.
    Raises: TooManyPictures, StorageLimitExceeded.
    """
    with transaction.atomic():
        User.objects.select_for_update().only("pk").get(pk=owner.pk)
        most, since = settings.PICTURES_PER_HOUR, timezone.now() - HOUR
        if Picture.objects.filter(owner=owner, created_at__gt=since).count() >= most:
            message = f"You have brought {most} pictures within an hour, as many as one person may. Try again later."
            raise TooManyPictures(message, retry_after=HOUR.total_seconds() / most)
        _check_storage(owner)


def _check_storage(owner: User) -> None:
    """Raises StorageLimitExceeded."""
    stored = stored_bytes(owner)
    if stored >= stored_bytes_limit():
        raise StorageLimitExceeded(
            f"Your films, pictures and books take {stored / 1e6:,.0f} MB of at most {settings.STORED_MEGABYTES_PER_USER:,} MB. "
            "Delete what you no longer need, or ask an administrator for room."
        )


def stored_bytes(owner: User) -> int:
    """What the files of a user's workflows take, the books that they were made from, and the pictures that the user has brought."""
    made = Artifact.objects.filter(workflow__owner=owner)
    books = LongText.objects.filter(workflow__owner=owner)
    return sum(_bytes_of(kept) for kept in (made, books, Picture.objects.filter(owner=owner)))


def _bytes_of(kept: "QuerySet[Artifact] | QuerySet[LongText] | QuerySet[Picture]") -> int:
    return int(kept.aggregate(bytes=Sum("size", default=0))["bytes"])


def stored_bytes_limit() -> int:
    """What they may take."""
    return int(settings.STORED_MEGABYTES_PER_USER * 1_000_000)


def _alike(owner: User, *, is_agent_task: bool) -> "QuerySet[Workflow]":
    """The user's films, or the user's single tasks of agents."""
    of_agents = Q(pipeline__startswith=one_step.PREFIX)
    return Workflow.objects.filter(of_agents if is_agent_task else ~of_agents, owner=owner)


def _check_rate(workflows: "QuerySet[Workflow]", what: str, most: int) -> None:
    """Raises TooManyWorkflows when the user has started as many within the last hour as one may."""
    now = timezone.now()
    latest = workflows.filter(created_at__gt=now - HOUR).order_by("-created_at")
    oldest_that_counts = latest.values_list("created_at", flat=True)[most - 1 : most].first()
    if oldest_that_counts:
        wait = (oldest_that_counts + HOUR - now).total_seconds()
        message = f"You have started {most} {what} within an hour, as many as one person may. Try again later."
        raise TooManyWorkflows(message, retry_after=max(1.0, wait))


def check_tasks(count: int) -> None:
    """Whether a workflow may have so many tasks.

    Raises: TooManyTasks.
    """
    most = settings.TASKS_PER_WORKFLOW
    if count > most:
        raise TooManyTasks(
            f"This film would take {count:,} tasks; at most {most:,} are allowed. Shorten it, or split it."
        )
