"""What a pipeline may not be: refused when it is registered, with the step's name and what is wrong with it. And its input."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User

from agents import registry
from agents.contract import typed_skill
from tests.animatic.hostile import CROWDS, UNITS, hostile
from tests.workflows.sample_pipeline import SAMPLE_PIPELINE, CutInput, SampleAgent, SpellInput, Words
from workflows import coordinator, pipelines
from workflows.errors import CrewNotReady, InvalidInput, PipelineBroken
from workflows.pipelines import inputs
from workflows.pipelines.base import Each, Given, Item, Output, Outputs, Pipeline, Step, check

CUT, SPELL, JOIN = SAMPLE_PIPELINE.steps
CPU_SECONDS_TO_CREATE = 0.5  # it is about 0.02: this is done in the server's process


def with_steps(*steps: Step) -> Pipeline:
    return replace(SAMPLE_PIPELINE, steps=steps)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (with_steps(CUT, CUT), "more than one step is named cut"),
        (with_steps(replace(CUT, stage="Attic")), "there is no stage 'Attic'"),
        (with_steps(replace(CUT, takes={})), "cut needs text"),
        (with_steps(replace(CUT, takes={"text": Given("text"), "colour": Given("text")})), "does not take colour"),
        (with_steps(replace(CUT, takes={"text": Given("idea")})), "the input has no field 'idea'"),
        (with_steps(replace(CUT, takes={"text": Output("nobody")})), "takes from nobody, which is no step"),
        (with_steps(CUT, replace(SPELL, takes={"word": Output("cut", "verbs")})), "cut has no field 'verbs'"),
        (with_steps(CUT, replace(SPELL, each=Each("cut", "verbs", 1))), "cut has no field 'verbs'"),
        (with_steps(CUT, replace(SPELL, each=None)), "takes an item, but does not fan out"),
        (with_steps(CUT, SPELL, replace(JOIN, takes={"spelt": Output("spell")})), "spell has many tasks"),
        (with_steps(CUT, replace(JOIN, takes={"spelt": Outputs("cut")})), "cut has one task"),
        (with_steps(replace(CUT, takes={"text": Output("cut", "words")})), "wait for each other: cut → cut"),
        (
            with_steps(
                replace(CUT, takes={"text": Output("join", "text")}),
                SPELL,
                replace(JOIN, takes={"spelt": Outputs("spell")}),
            ),
            "wait for each other: cut → join → spell → cut",
        ),
    ],
)
def test_a_broken_pipeline_is_refused_when_it_is_registered(
    sample_agent: SampleAgent, broken: Pipeline, words: str
) -> None:
    with pytest.raises(PipelineBroken) as refusal:
        pipelines.register(broken)
    assert words in str(refusal.value)


@pytest.fixture
def levitating() -> Iterator[Pipeline]:
    """A pipeline that is registered before any agent has the skill that it needs."""
    pipeline = replace(SAMPLE_PIPELINE, name="levitating", steps=(replace(CUT, skill="levitate"), SPELL, JOIN))
    pipelines.register(pipeline)
    yield pipeline
    pipelines.unregister(pipeline.name)


class Levitator(SampleAgent):
    """Has the skill that the pipeline needs; `takes` is what its schema says."""

    name = "levitator"

    def __init__(self, takes: type) -> None:
        super().__init__()
        self.skills = (typed_skill("levitate", "Levitate", "Lifts.", takes, Words),)


@pytest.mark.django_db
def test_a_pipeline_may_be_registered_before_the_agents_that_it_needs(
    sample_agent: SampleAgent, levitating: Pipeline, alice: User
) -> None:
    with pytest.raises(CrewNotReady, match="No agent has the skill 'levitate'"):
        coordinator.create(pipeline=levitating.name, given={"text": "up"}, owner=alice)
    registry.register(Levitator(takes=CutInput))
    try:
        registry.sync()
        workflow = coordinator.create(pipeline=levitating.name, given={"text": "up"}, owner=alice)
    finally:
        registry.unregister("levitator")
    assert workflow.state == "pending"


@pytest.mark.django_db
def test_a_pipeline_that_does_not_fit_an_agent_that_came_later_says_so(
    sample_agent: SampleAgent, levitating: Pipeline, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    registry.register(Levitator(takes=SpellInput))
    try:
        registry.sync()
        with pytest.raises(CrewNotReady, match="levitate does not take text"):
            coordinator.create(pipeline=levitating.name, given={"text": "up"}, owner=alice)
    finally:
        registry.unregister("levitator")
    assert "levitate does not take text" in caplog.text


@pytest.mark.parametrize("name", ["idea2video", "script2video"])
def test_a_film_that_began_before_there_was_sound_is_finished_without_it(name: str) -> None:
    today = pipelines.get(name)
    before = today.within([stage for stage in today.stages if stage != "Sound"])
    assert [step.name for step in today.steps if step not in before.steps] == [
        *("score", "ambience", "speech"),
        *("clip", "edit"),  # which take from those
    ]
    assert "speech" not in before.by_name["clip"].takes
    assert set(before.by_name["edit"].takes) == {"plan", "screenplay", "cast", "clips"}
    check(before)
    assert today.within(today.stages) is today


@pytest.mark.parametrize("name", ["idea2video", "script2video"])
def test_the_film_pipelines_have_the_stages_that_a_person_recognises(name: str) -> None:
    stages = ("Plan", "Script", "Characters", "Storyboard", "Sound", "Frames", "Clips", "Edit")
    assert pipelines.get(name).stages == stages


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        (
            "idea2video",
            {"idea", "requirement", "style", "scenes", "pictures", "sound", "format", "resolution", "seconds"},
        ),
        (
            "script2video",
            {"script", "requirement", "style", "scenes", "pictures", "sound", "format", "resolution", "seconds"},
        ),
        (
            "novel2video",
            {
                "novel",
                "episodes",
                "scenes",
                "requirement",
                "style",
                "pictures",
                "sound",
                "format",
                "resolution",
                "seconds",
            },
        ),
    ],
)
def test_a_pipeline_publishes_the_schema_of_its_input(name: str, fields: set[str]) -> None:
    schema: dict[str, Any] = pipelines.get(name).input_schema
    assert set(schema["properties"]) == fields
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("schema", "value", "sentence"),
    [
        ({"type": "string", "minLength": 3}, " ", "Mood is missing: please write something."),
        ({"type": "string", "minLength": 3}, "so", "Mood is too short: 2 characters of at least 3."),
        ({"type": "string", "pattern": "^[a-z]+$"}, "C4", "Mood does not fit."),
        ({"type": "boolean"}, "yes", "Mood must be true or false."),
        ({"type": "number"}, "9", "Mood must be a number."),
        ({"type": "array"}, "calm", "Mood must be a list."),
        ({"type": ["integer", "null"]}, "9", "Mood must be of another type."),
        ({"enum": ["calm", "sad"]}, "odd", "Mood must be one of calm, sad."),
        ({"items": {"type": "string"}}, ["calm", 3], "An entry of mood must be a text."),
    ],
)
def test_what_is_wrong_with_a_field_is_said_in_a_sentence(schema: dict[str, Any], value: object, sentence: str) -> None:
    pipeline = replace(SAMPLE_PIPELINE, takes=None, input_schema={"type": "object", "properties": {"mood": schema}})
    with pytest.raises(InvalidInput) as refused:
        inputs.checked(pipeline, {"mood": value})
    assert refused.value.fields == {"mood": sentence}


def test_scenes_are_no_barrier(sample_agent: SampleAgent) -> None:
    recipe = pipelines.get("idea2video")
    for step in ("references", "candidates", "frames", "clip"):
        assert not any(
            isinstance(source, Outputs) and source.step in ("storyboard", "candidates", "frames", "clip")
            for source in recipe.by_name[step].takes.values()
        )
        assert Item() in recipe.by_name[step].takes.values()


@pytest.mark.parametrize("name", [*UNITS, *CROWDS])
def test_no_text_holds_up_the_server_when_a_workflow_is_created(name: str) -> None:
    script = hostile(name, 200_000)
    started = time.thread_time()
    _create("script2video", {"script": script})
    _create("script2video", {"script": script * 5})
    _create("idea2video", {"idea": script[:4_000], "requirement": script[:1_000], "style": script[:200]})
    assert time.thread_time() - started < CPU_SECONDS_TO_CREATE


def _create(name: str, given: dict[str, str]) -> None:
    """What is done with the input of a new workflow."""
    pipeline = pipelines.get(name)
    with suppress(InvalidInput):
        pipeline.title_of(inputs.checked(pipeline, given))
