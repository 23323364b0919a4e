"""The recipe of a tune: sketch it, play its voices side by side, mix them."""

from typing import Annotated

from msgspec import Meta, Struct

from composer.score import Key, Length, Mood, Title
from workflows.pipelines.base import Each, Given, Item, Output, Outputs, Pipeline, Step


class TuneInput(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What a tune starts from. The form on the page is drawn from this."""

    title: Title
    mood: Annotated[Mood, Meta(title="Mood")] = "calm"
    key: Annotated[Key, Meta(title="Key", description="The note that it comes home to")] = "C"
    seconds: Length = 20
    drums: Annotated[bool, Meta(title="With drums")] = True


each_voice = Each("sketch", "voices", expected=4)

TUNE = Pipeline(
    name="tune",
    title="Tune",
    description="A mood and a length become a piece of music.",
    takes=TuneInput,
    stages=("Sketch", "Voices", "Mix"),
    title_of=lambda given: given.title.strip(),
    steps=(
        Step(
            "sketch",
            stage="Sketch",
            skill="write_sketch",
            takes={name: Given(name) for name in ("title", "mood", "key", "seconds", "drums")},
            seconds=1.0,  # what it costs until history knows better
        ),
        Step(
            "voice",
            stage="Voices",
            skill="play_voice",
            each=each_voice,
            takes={
                "voice": Item(),
                "seconds": Output("sketch", "seconds"),
                "seconds_per_beat": Output("sketch", "seconds_per_beat"),
            },
            seconds=2.0,
        ),
        Step(
            "mix",
            stage="Mix",
            skill="mix_tune",
            takes={"title": Given("title"), "recordings": Outputs("voice")},
            seconds=2.0,
        ),
    ),
)
