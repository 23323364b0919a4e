"""The sample pipeline with its agent, and a runner that performs one attempt at a time."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from agents import registry
from tests.workflows.sample_pipeline import SAMPLE_PIPELINE, SampleAgent
from workflows import attempts, coordinator, pipelines, snapshots
from workflows.models import Workflow

Json = dict[str, Any]


@pytest.fixture
def sample_agent(transactional_db: None) -> Iterator[SampleAgent]:
    """The only agent with the skills of the sample pipeline; both are registered during the test."""
    sample_agent = SampleAgent()
    registry.register(sample_agent)
    registry.sync()
    pipelines.register(SAMPLE_PIPELINE)
    yield sample_agent
    pipelines.unregister(SAMPLE_PIPELINE.name)
    registry.unregister(sample_agent.name)


@pytest.fixture
def alice(transactional_db: None, alice: User) -> User:
    """A maker, in a database whose transactions really commit, so that `on_commit` is called."""
    return alice


@pytest.fixture
def sample_workflow(sample_agent: SampleAgent, alice: User) -> Workflow:
    """A pending workflow of the sample pipeline, with three words to spell."""
    return coordinator.create(pipeline="telegram", given={"text": "send more light"}, owner=alice)


@pytest.fixture
def run() -> Callable[..., int]:
    """Performs attempts, one after the other, until no task is ready (or `limit` are done). Returns how many."""

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
    """The snapshot without its estimates, which change as history grows."""
    snapshot = snapshots.workflow_snapshot(workflow)
    return {name: value for name, value in snapshot.items() if name not in ("eta", "progress")}
