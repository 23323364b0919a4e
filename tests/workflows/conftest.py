"""A telegraph office: the small crew of `telegrams`, and a runner that does one attempt at a time."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from agents import registry
from tests.workflows.telegrams import TELEGRAM, Clerk
from workflows import attempts, coordinator, pipelines, snapshots
from workflows.models import Workflow

Json = dict[str, Any]


@pytest.fixture
def clerk(transactional_db: None) -> Iterator[Clerk]:
    """The only agent who can do telegrams."""
    clerk = Clerk()
    registry.register(clerk)
    registry.sync()
    pipelines.register(TELEGRAM)
    yield clerk
    pipelines.unregister(TELEGRAM.name)
    registry.unregister(clerk.name)


@pytest.fixture
def alice(transactional_db: None, alice: User) -> User:
    """A maker, in a database whose transactions really commit: only then does the world hear of them."""
    return alice


@pytest.fixture
def telegram(clerk: Clerk, alice: User) -> Workflow:
    """A workflow that has not started: three words to spell."""
    return coordinator.create(pipeline="telegram", given={"text": "send more light"}, owner=alice)


@pytest.fixture
def run() -> Callable[..., int]:
    """Carries out attempts, one after the other, until nothing is ready (or `limit` are done). Returns how many."""

    def run(limit: int = 1_000, runner: str = "test") -> int:
        for done in range(limit):
            claim = attempts.claim_next(runner)
            if claim is None:
                return done
            attempts.perform(claim)
        return limit

    return run


@pytest.fixture
def kinds() -> Callable[[Workflow], list[str]]:
    """The kinds of a workflow's events, in order."""
    return lambda workflow: list(workflow.events.order_by("seq").values_list("kind", flat=True))


def facts_of(workflow: Workflow) -> Json:
    """The snapshot without its estimates, which are reckoned anew as history grows."""
    snapshot = snapshots.workflow_snapshot(workflow)
    return {name: value for name, value in snapshot.items() if name not in ("eta", "progress")}
