"""The part of the recipe that every film shares: from a normalised screenplay to the finished video."""

from typing import Annotated

from msgspec import Meta

from agents.animatic.counting import FilmSize
from agents.animatic.film import FilmFormat, OwnPicture, Resolution
from workflows.pipelines.base import Each, Given, Item, Outlook, Output, Outputs, Step

PLAN, SCRIPT, CHARACTERS, STORYBOARD, SOUND, FRAMES, CLIPS, EDIT = STAGES = (
    "Plan",
    "Script",
    "Characters",
    "Storyboard",
    "Sound",
    "Frames",
    "Clips",
    "Edit",
)

each_character = Each("characters", "characters", expected=3, title="name")
SHOT_CHANGES = ("size", "angle", "move", "seconds", "description", "first_frame", "last_frame", "caption")
each_shot = Each("storyboard", "shots", expected=4, changeable=SHOT_CHANGES, renews=(("caption", "speech"),))


Requirement = Annotated[str, Meta(max_length=1_000, title="Requirement")]
Style = Annotated[str, Meta(max_length=200, title="Style")]
Sound = Annotated[bool, Meta(title="Sound", description="Speech, ambience and music; without, the film is silent")]
LONGEST_WISH = 3_600  # seconds
Format = Annotated[
    FilmFormat,
    Meta(title="Format", description="Wide, portrait or square: every shot is staged for it, nothing is cropped"),
]
Sharpness = Annotated[Resolution, Meta(title="Resolution", description="Of the shorter side of the picture")]
Length = Annotated[
    int,
    Meta(
        ge=0,
        le=LONGEST_WISH,
        title="Length",
        description="In seconds, with its cards, as far as what is said leaves room; 0: as long as it takes",
    ),
]

MOST_PICTURES = 8
Pictures = Annotated[
    list[OwnPicture],
    Meta(
        max_length=MOST_PICTURES,
        title="Pictures",
        description="Pictures of yours, brought to /api/pictures/: the face of a character, by name, or the style of the film",
    ),
]


def nameless(pictures: list[OwnPicture]) -> dict[str, str]:
    """A sentence, by the field, when it is not said whose face a picture is."""
    numbers = [
        number for number, picture in enumerate(pictures, 1) if picture.use == "face" and not picture.name.strip()
    ]
    return {"pictures": f"Say who picture {numbers[0]} shows: a name."} if numbers else {}


TITLED_BY = Output("plan", "title")


def outlook(size: FilmSize | None) -> Outlook:
    """`Pipeline.outlook_of` a film of this size; None: not known."""
    if size is None:
        return Outlook()
    counts = {"scenes": size.scenes, "characters": size.characters, "shots": size.shots}
    return Outlook(counts, film_seconds=size.seconds, remarks=size.remarks)


def filming(each_scene: Each) -> tuple[Step, ...]:
    """The steps after `plan` and `screenplay`. Scenes are no barrier: a shot goes on as soon as its own things are there."""
    return (
        Step(
            "characters",
            stage=CHARACTERS,
            skill="extract_characters",
            takes={
                "screenplay": Output("screenplay"),
                "style": Output("plan", "style"),
                "plan": Output("plan"),
                "pictures": Given("pictures"),
            },
            seconds=0.2,
        ),
        Step(
            "portraits",
            stage=CHARACTERS,
            skill="draw_portraits",
            each=each_character,
            takes={"character": Item(), "style": Output("plan", "style"), "pictures": Given("pictures")},
            seconds=1.0,
        ),
        Step(
            "storyboard",
            stage=STORYBOARD,
            skill="draw_storyboard",
            each=each_scene,
            takes={
                "scene": Item(),
                "cast": Output("characters"),
                "plan": Output("plan"),
                "format": Given("format"),
                "resolution": Given("resolution"),
            },
            seconds=0.2,
        ),
        Step(
            "score",
            stage=SOUND,
            skill="compose_score",
            takes={"plan": Output("plan"), "sound": Given("sound")},
            seconds=3.0,
        ),
        Step(
            "ambience",
            stage=SOUND,
            skill="design_sound",
            each=each_scene,
            takes={"scene": Item(), "storyboard": Output("storyboard"), "sound": Given("sound")},
            seconds=1.0,
        ),
        Step(
            "speech",
            stage=SOUND,
            skill="speak",
            each=each_shot,
            takes={
                "shot": Item(),
                "cast": Output("characters"),
                "plan": Output("plan"),
                "sound": Given("sound"),
            },
            seconds=0.3,
        ),
        Step(
            "references",
            stage=FRAMES,
            skill="select_references",
            each=each_shot,
            takes={"shot": Item(), "portraits": Outputs("portraits")},
            seconds=0.1,
        ),
        Step(
            "candidates",
            stage=FRAMES,
            skill="shoot_frames",
            each=each_shot,
            takes={
                "shot": Item(),
                "references": Output("references"),
                "style": Output("plan", "style"),
                "pictures": Given("pictures"),
            },
            seconds=2.0,
        ),
        Step(
            "frames",
            stage=FRAMES,
            skill="select_frames",
            each=each_shot,
            takes={"shot": Item(), "candidates": Output("candidates")},
            seconds=0.3,
        ),
        Step(
            "clip",
            stage=CLIPS,
            skill="make_clip",
            each=each_shot,
            takes={
                "shot": Item(),
                "frames": Output("frames"),
                "style": Output("plan", "style"),
                "speech": Output("speech"),
            },
            seconds=3.0,
        ),
        Step(
            "edit",
            stage=EDIT,
            skill="edit_video",
            takes={
                "plan": Output("plan"),
                "screenplay": Output("screenplay"),
                "cast": Output("characters"),
                "clips": Outputs("clip"),
                "speeches": Outputs("speech"),
                "ambiences": Outputs("ambience"),
                "score": Output("score"),
            },
            seconds=12.0,
        ),
        Step(
            "storyboard_print",
            stage=EDIT,
            skill="print_storyboard",
            takes={
                "plan": Output("plan"),
                "screenplay": Output("screenplay"),
                "frames": Outputs("frames"),
                "clips": Outputs("clip"),
            },
            seconds=0.7,
        ),
    )
