"""A small pipeline and its agent, for tests of the coordinator, the API and the protocol.

The pipeline `telegram` cuts a text into words, spells each word (a fan-out: one task each, in parallel), and joins them
again. The agent `clerk` has the skills for all three.
"""

import threading
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from agents.contract import Agent, ArtifactKind, Job, Outcome, Skill, typed_skill
from workflows.pipelines.base import Each, Given, Item, Output, Outputs, Pipeline, Step


class SampleInput(Struct, kw_only=True):
    """What the pipeline starts from."""

    text: str


class CutInput(Struct):
    """What `cut` takes."""

    text: str


class Words(Struct):
    """What `cut` gives. The title, if there is one, is the telegram's."""

    words: list[str]
    title: str = ""


class SpellInput(Struct):
    """What `spell` takes."""

    word: str


class Spelt(Struct):
    """What `spell` gives."""

    letters: str


class JoinInput(Struct):
    """What `join` takes."""

    spelt: list[Spelt]
    title: str = ""


class Joined(Struct):
    """What `join` gives."""

    text: str
    artifact: str


class SampleAgent(Agent):
    """Performs all three skills. `on_spell(job, word)` is called in the middle of each `spell` job; `lacks` is `missing()`."""

    name = "clerk"
    description = "Cuts, spells and joins."
    max_concurrent = 100
    skills: tuple[Skill, ...] = (
        typed_skill("cut", "Cut", "Cuts a text into words.", CutInput, Words),
        typed_skill("spell", "Spell", "Spells a word out.", SpellInput, Spelt),
        typed_skill("join", "Join", "Joins spelt words.", JoinInput, Joined),
    )

    def __init__(self) -> None:
        self.on_spell: Callable[[Job, str], None] = lambda _job, _word: None
        self.spelt: list[str] = []
        self.lacks = ""
        self.title = ""  # that it gives to what it cuts
        self._guard = threading.Lock()

    def missing(self) -> str:
        return self.lacks

    def perform(self, job: Job) -> Outcome:
        match job.skill:
            case "cut":
                return Outcome(Words(job.read(CutInput).text.split(), self.title))
            case "spell":
                return self._spell(job, job.read(SpellInput).word)
            case _:
                return self._join(job, job.read(JoinInput))

    def _spell(self, job: Job, word: str) -> Outcome:
        job.progress(0.5, f"Spelling {word}")
        self.on_spell(job, word)
        job.checkpoint()
        with self._guard:
            self.spelt.append(word)
        return Outcome(Spelt("-".join(word)), f"Spelt {word}")

    def _join(self, job: Job, given: JoinInput) -> Outcome:
        text = " ".join(spelt.letters for spelt in given.spelt)
        path = Path(job.workdir) / "telegram.txt"
        path.write_text(text)
        artifact = job.keep(path, name="telegram.txt", kind=ArtifactKind.SCRIPT, media_type="text/plain")
        return Outcome(Joined(text, artifact))


each_word = Each("cut", "words", expected=3)

SAMPLE_PIPELINE = Pipeline(
    name="telegram",
    title="Telegram",
    description="Spells a text out.",
    takes=SampleInput,
    stages=("Cut", "Spell", "Join"),
    title_of=lambda given: given.text[:80],
    titled_by=Output("cut", "title"),
    steps=(
        Step("cut", stage="Cut", skill="cut", takes={"text": Given("text")}, seconds=1),
        Step("spell", stage="Spell", skill="spell", each=each_word, takes={"word": Item()}, seconds=1),
        Step("join", stage="Join", skill="join", takes={"spelt": Outputs("spell")}, seconds=1),
    ),
)
