"""From a screenplay to a film: read it, normalise it, then film it line by line."""

from itertools import islice
from typing import Annotated

from django.conf import settings
from msgspec import Meta, Struct

from agents.animatic.errors import UnfitScenes
from agents.animatic.limits import LONGEST_MARKUP, LONGEST_SCRIPT, LONGEST_SELECTION
from agents.animatic.screenplays.final_draft import is_final_draft, title_ahead
from agents.studio.film_limits import film_limits
from agents.studio.film_size import size_of_script
from agents.studio.offline.text import refusal_of
from workflows.pipelines.base import Each, Given, Outlook, Output, Pipeline, Step
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

MARKUP_PER_CHARACTER = LONGEST_MARKUP // LONGEST_SCRIPT  # a Final Draft document is so many times as long as its words
FIRST_WITHOUT_SPACES = "\u0e00"  # Thai; Lao, Khmer, Chinese and Japanese come after it
SECONDS_PER_WORD = 30  # more than any word takes in a film
TITLE_LINES = 20  # among which a title page is looked for


class ScriptInput(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What script2video starts from: a screenplay or Fountain text."""

    script: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=MARKUP_PER_CHARACTER * settings.SCRIPT_LENGTH,
            pattern=r"\S",
            title="Screenplay",
            description=f"Fountain, plain text or a Final Draft document; at most {settings.SCRIPT_LENGTH:,} characters, without markup.",
            extra_json_schema={"x-maxTextLength": settings.SCRIPT_LENGTH},
        ),
    ]
    requirement: Requirement = ""
    style: Style = ""
    scenes: Annotated[
        str,
        Meta(
            max_length=LONGEST_SELECTION,
            title="Scenes",
            description="Which scenes of it, by their numbers in the script: 12-20, 35. Empty for all.",
        ),
    ] = ""
    sound: Sound = True
    format: Format = "16:9"
    resolution: Sharpness = "720p"
    seconds: Length = 0
    pictures: Pictures = []


def title_of(given: ScriptInput) -> str:
    """The title of the title page, or else the first line that says something."""
    if is_final_draft(given.script):
        return title_ahead(given.script)[:80] or "Screenplay"
    written = (line for line in given.script.splitlines() if line.strip())
    lines = [" ".join(line.split()) for line in islice(written, TITLE_LINES)]
    titles = [line.partition(":")[2].strip(" _*") for line in lines if line.lower().startswith("title:")]
    return next((title for title in titles if title), lines[0])[:80]


def excess_of(given: ScriptInput) -> dict[str, str]:
    """Whether it has too many scenes, shots, seconds or speaking parts.

    What is typed is never parsed in the server's process: one that may have too many is read by a text process.
    """
    if wrong := nameless(given.pictures):
        return wrong
    length, limit = len(given.script), settings.SCRIPT_LENGTH
    if length > limit and not is_final_draft(given.script):
        return {"script": f"Script is too long: {length:,} characters of at most {limit:,}. Shorten it."}
    if not (given.scenes.strip() or is_final_draft(given.script) or _may_be_too_much(given.script)):
        return {}
    refusal = refusal_of(given.script, scenes=given.scenes)
    return {"scenes" if isinstance(refusal, UnfitScenes) else "script": str(refusal)} if refusal else {}


def outlook_of(given: ScriptInput) -> Outlook:
    """How many scenes, characters and shots the film has, and how long it is, where that can be known."""
    size = size_of_script(
        given.script, given.seconds, requirement=given.requirement, style=given.style, scenes=given.scenes
    )
    return outlook(size)


def _may_be_too_much(script: str) -> bool:
    """No script has more scenes, shots or people than words; where no spaces are written, a character may be a word."""
    limits = film_limits()
    words = len(script.split()) + sum(character >= FIRST_WITHOUT_SPACES for character in script)
    return words > min(limits.scenes, limits.shots, limits.characters, limits.seconds // SECONDS_PER_WORD)


each_scene = Each("screenplay", "scenes", expected=3, title="heading")

SCRIPT2VIDEO = Pipeline(
    name="script2video",
    title="Script to video",
    description="A screenplay is followed line by line and becomes a film.",
    takes=ScriptInput,
    stages=STAGES,
    title_of=title_of,
    titled_by=TITLED_BY,
    outlook_of=outlook_of,
    excess_of=excess_of,
    steps=(
        Step(
            "plan",
            stage=PLAN,
            skill="plan_script",
            takes={
                "script": Given("script"),
                "requirement": Given("requirement"),
                "style": Given("style"),
                "selection": Given("scenes"),
                "seconds": Given("seconds"),
            },
            seconds=0.2,
        ),
        Step(
            "screenplay",
            stage=SCRIPT,
            skill="enhance_script",
            takes={"title": Output("plan", "title"), "script": Given("script"), "selection": Given("scenes")},
            seconds=0.3,
        ),
        *filming(each_scene),
    ),
)
