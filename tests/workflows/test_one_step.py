"""Pipelines of one step: a skill of one agent, asked for by itself."""

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SAMPLE_PIPELINE, SampleAgent
from workflows import coordinator, pipelines
from workflows.errors import InvalidInput, TooManyWorkflows, UnknownPipeline
from workflows.pipelines.one_step import name_of

CUT = name_of("clerk", "cut")


def test_a_skill_can_be_asked_for_by_itself(sample_agent: SampleAgent, alice: User, run: Run) -> None:
    workflow = coordinator.create(pipeline=CUT, given={"text": "send  more light"}, owner=alice)
    assert run() == 1
    workflow.refresh_from_db()
    assert (workflow.state, workflow.title) == ("completed", "Clerk: Cut, send more light")
    assert workflow.tasks.get().output == {"title": "", "words": ["send", "more", "light"]}


def test_only_the_agent_that_was_asked_does_it(sample_agent: SampleAgent, alice: User, run: Run) -> None:
    coordinator.create(pipeline=CUT, given={"text": "send"}, owner=alice)
    assert pipelines.get(CUT).steps[0].skill == "clerk/cut"


def test_the_input_is_checked_against_the_schema_of_the_skill(sample_agent: SampleAgent, alice: User) -> None:
    with pytest.raises(InvalidInput) as refused:
        coordinator.create(pipeline=CUT, given={"text": 5}, owner=alice)
    assert refused.value.fields.keys() == {"text"}


def test_what_is_left_out_of_the_input_is_left_to_the_agent(sample_agent: SampleAgent, alice: User, run: Run) -> None:
    given = {"spelt": [{"letters": "s-e-n-d"}]}
    workflow = coordinator.create(pipeline=name_of("clerk", "join"), given=given, owner=alice)
    run()
    assert (workflow.tasks.get().output or {})["text"] == "s-e-n-d"


@pytest.mark.parametrize(
    "name", ["agent:", "agent:clerk", "agent:clerk/", "agent:clerk/juggle", "agent:nobody/cut", "x"]
)
def test_what_no_agent_can_do_is_no_pipeline(sample_agent: SampleAgent, name: str) -> None:
    with pytest.raises(UnknownPipeline):
        pipelines.get(name)


def test_they_are_not_listed(sample_agent: SampleAgent) -> None:
    pipelines.get(CUT)
    assert CUT not in {pipeline.name for pipeline in pipelines.known()}


def test_films_and_tasks_of_agents_have_limits_of_their_own(
    sample_agent: SampleAgent, alice: User, settings: Settings
) -> None:
    settings.ACTIVE_WORKFLOWS_PER_USER = settings.AGENT_TASKS_PER_USER = 1
    for pipeline in (SAMPLE_PIPELINE.name, CUT):
        coordinator.create(pipeline=pipeline, given={"text": "send"}, owner=alice)
        with pytest.raises(TooManyWorkflows):
            coordinator.create(pipeline=pipeline, given={"text": "send"}, owner=alice)
    settings.AGENT_TASKS_PER_USER, settings.AGENT_TASKS_PER_HOUR = 10, 1
    with pytest.raises(TooManyWorkflows, match="1 tasks of agents within an hour"):
        coordinator.create(pipeline=CUT, given={"text": "send"}, owner=alice)
