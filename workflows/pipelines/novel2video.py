"""From a book to films: compress it, find what happens, plan the episodes with its owner, write them, then film each of them."""

from dataclasses import replace
from typing import Annotated

from django.conf import settings
from msgspec import Meta, Struct

from agents.animatic.novels.limits import MOST_EPISODES, MOST_SCENES
from workflows.pipelines.base import Each, Given, Item, Output, Outputs, Pipeline, Step
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
)

BOOK = "Book"
TITLE_LINES = 20  # among which a title is looked for


class NovelInput(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What novel2video starts from: the text of a book, as plain text or Markdown."""

    novel: Annotated[str, Meta(min_length=1, max_length=settings.NOVEL_LENGTH, pattern=r"\S", title="Book")]
    episodes: Annotated[int, Meta(ge=1, le=MOST_EPISODES, title="Episodes")] = 3
    scenes: Annotated[int, Meta(ge=1, le=MOST_SCENES, title="Scenes of an episode")] = 3
    requirement: Requirement = ""
    style: Style = ""
    sound: Sound = True
    format: Format = "16:9"
    resolution: Sharpness = "720p"
    seconds: Length = 0
    pictures: Pictures = []


def title_of(given: NovelInput) -> str:
    """The first line that says something. The book's own title is found by the first step."""
    head = given.novel.lstrip()[:2_000]
    lines = [" ".join(line.strip("# *_\t").split()) for line in head.splitlines()[:TITLE_LINES]]
    return next((line.removeprefix("Title: ") for line in lines if line), "Book")[:80]


each_episode = Each("information", "episodes", expected=Given("episodes"), title="title")
each_scene = Each("screenplay", "scenes", expected=9, title="heading")


def _of_a_book(step: Step) -> Step:
    """A step of a film, where there are several films: people look as the book says, and each episode is cut by itself."""
    match step.name:
        case "characters":
            return replace(step, takes={**step.takes, "information": Output("information")})
        case "edit":
            own = {name: Output("episode", name) for name in ("plan", "screenplay", "clips", "speeches", "ambiences")}
            return replace(step, each=each_episode, takes={**step.takes, **own})
        case _:
            return step


NOVEL2VIDEO = Pipeline(
    name="novel2video",
    title="Novel to video",
    description="A book becomes a series of films, an episode each, in its own sentences. You agree to the plan first.",
    takes=NovelInput,
    stages=(BOOK, *STAGES),
    title_of=title_of,
    titled_by=TITLED_BY,
    excess_of=lambda given: nameless(given.pictures),
    long_fields=("novel",),
    steps=(
        Step("novel", stage=BOOK, skill="compress_novel", takes={"novel": Given("novel")}, seconds=2.0),
        Step("events", stage=BOOK, skill="extract_events", takes={"novel": Output("novel")}, seconds=0.5),
        Step(
            "draft",
            stage=PLAN,
            skill="draft_global_information",
            takes={
                "novel": Output("novel"),
                "events": Output("events"),
                "episodes": Given("episodes"),
                "scenes": Given("scenes"),
            },
            seconds=0.3,
        ),
        Step(
            "information",
            stage=PLAN,
            skill="plan_global_information",
            takes={"draft": Output("draft")},
            seconds=0.1,
        ),
        Step(
            "plan",
            stage=PLAN,
            skill="plan_novel",
            takes={
                "information": Output("information"),
                "requirement": Given("requirement"),
                "style": Given("style"),
                "seconds": Given("seconds"),
            },
            seconds=0.2,
        ),
        Step(
            "script",
            stage=SCRIPT,
            skill="extract_scenes",
            each=each_episode,
            takes={"episode": Item(), "events": Output("events"), "information": Output("information")},
            seconds=0.2,
        ),
        Step(
            "screenplay",
            stage=SCRIPT,
            skill="join_episodes",
            takes={"information": Output("information"), "episodes": Outputs("script")},
            seconds=0.3,
        ),
        *(step for step in map(_of_a_book, filming(each_scene)) if step.name != "edit"),
        Step(
            "episode",
            stage="Edit",
            skill="gather_episode",
            each=each_episode,
            takes={
                "episode": Item(),
                "plan": Output("plan"),
                "screenplay": Output("screenplay"),
                "clips": Outputs("clip"),
                "speeches": Outputs("speech"),
                "ambiences": Outputs("ambience"),
            },
            seconds=0.1,
        ),
        *(step for step in map(_of_a_book, filming(each_scene)) if step.name == "edit"),
    ),
)
