"""From an idea to a film: plan it, write the story, write each scene, then film it."""

from typing import Annotated

from django.conf import settings
from msgspec import Meta, Struct

from agents.studio.film_size import size_of_idea
from workflows.pipelines.base import Each, Given, Item, Outlook, Output, Outputs, Pipeline, Step
from workflows.pipelines.filming import (
    PLAN,
    SCRIPT,
    STAGES,
    TITLED_BY,
    Format,
    Length,
    Pictures,
    Requirement,
    Sharpness,
    Sound,
    Style,
    filming,
    nameless,
    outlook,
)

MOST_SCENES = min(12, settings.SCENES_PER_FILM)  # that a story fills


class IdeaInput(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What idea2video starts from."""

    idea: Annotated[str, Meta(min_length=1, max_length=settings.IDEA_LENGTH, pattern=r"\S", title="Idea")]
    requirement: Requirement = ""
    style: Style = ""
    sound: Sound = True
    format: Format = "16:9"
    resolution: Sharpness = "720p"
    seconds: Length = 0
    pictures: Pictures = []
    scenes: Annotated[int, Meta(ge=1, le=MOST_SCENES, title="Scenes")] = min(3, MOST_SCENES)


def title_of(given: IdeaInput) -> str:
    """The first line of the idea, shortened at a word."""
    line = " ".join(given.idea.split())
    return line if len(line) <= 80 else line[:80].rsplit(" ", 1)[0] + "…"


def outlook_of(given: IdeaInput) -> Outlook:
    """How many scenes, characters and shots the film has, and how long it is, where that can be known."""
    size = size_of_idea(
        given.idea, given.seconds, requirement=given.requirement, style=given.style, scenes=given.scenes
    )
    return outlook(size)


each_outline = Each("story", "outlines", expected=Given("scenes"))
each_scene = Each("screenplay", "scenes", expected=Given("scenes"), title="heading")

IDEA2VIDEO = Pipeline(
    name="idea2video",
    title="Idea to video",
    description="An idea becomes a story, a screenplay, a storyboard and a film.",
    takes=IdeaInput,
    stages=STAGES,
    title_of=title_of,
    titled_by=TITLED_BY,
    outlook_of=outlook_of,
    excess_of=lambda given: nameless(given.pictures),
    steps=(
        Step(
            "plan",
            stage=PLAN,
            skill="plan_idea",
            takes={
                "idea": Given("idea"),
                "requirement": Given("requirement"),
                "style": Given("style"),
                "scenes": Given("scenes"),
                "seconds": Given("seconds"),
            },
            seconds=0.2,
        ),
        Step(
            "story",
            stage=SCRIPT,
            skill="write_story",
            takes={"idea": Given("idea"), "plan": Output("plan")},
            seconds=0.2,
        ),
        Step(
            "scene",
            stage=SCRIPT,
            skill="write_scene",
            each=each_outline,
            takes={"story": Output("story"), "outline": Item(), "plan": Output("plan")},
            seconds=0.2,
        ),
        Step(
            "screenplay",
            stage=SCRIPT,
            skill="enhance_script",
            takes={"title": Output("plan", "title"), "scenes": Outputs("scene")},
            seconds=0.2,
        ),
        *filming(each_scene),
    ),
)
