"""An agent for these tests. What a letter says decides what becomes of it: see `Correspondent.perform`."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

from agents.contract import Agent, AgentError, ArtifactId, ArtifactKind, InputRequired, Job, Outcome, typed_skill
from agents.usage import Usage

QUESTION: Final = "What colour is the paper to be?"
TICK_SECONDS: Final = 0.02


class Letter(Struct):
    """What `answer` takes: a text alone is enough."""

    text: str
    copies: int = 1


class Reply(Struct):
    """What `answer` gives."""

    text: str
    copies: int
    letter: ArtifactId


class Picture(Struct):
    """What `frame` takes and gives."""

    picture: ArtifactId
    title: str


class Correspondent(Agent):
    """Answers letters, and frames pictures."""

    name = "correspondent"
    description = "Answers letters, and frames pictures."
    max_concurrent = 50
    skills = (
        typed_skill("answer", "Answer", "Answers a letter.", Letter, Reply, tags=("mail",)),
        typed_skill("frame", "Frame", "Frames a picture.", Picture, Picture, tags=("pictures",)),
    )

    def perform(self, job: Job) -> Outcome:
        if job.skill == "frame":
            return self._framed(job, job.read(Picture))
        letter = job.read(Letter)
        match letter.text.partition(" ")[0]:
            case "ask" if not job.answers:
                raise InputRequired(QUESTION)
            case "spend":
                job.report_usage(Usage(model="quill", prompt_tokens=120, completion_tokens=80))
                job.report_usage(Usage(model="quill", prompt_tokens=30))
            case "fail":
                raise AgentError("The ink has dried up.")
            case "wait":  # until it is told to stop
                self._wait(job, lambda: False)
            case "work":  # until the file that it names is there
                path = Path(letter.text.partition(" ")[2])
                self._wait(job, path.exists)
        return self._answered(job, letter)

    def _wait(self, job: Job, is_over: Callable[[], bool]) -> None:
        share = 0.0
        while not is_over():
            share = min(0.9, share + 0.01)
            job.progress(share, f"Writing, {share:.0%}")
            time.sleep(TICK_SECONDS)

    def _answered(self, job: Job, letter: Letter) -> Outcome:
        said = "; ".join(answer.answer for answer in job.answers)
        text = f"Dear sir, {letter.text}{f' on {said} paper' if said else ''}"
        path = job.workdir / "letter.txt"
        path.write_text(text)
        kept = job.keep(path, name="letter.txt", kind=ArtifactKind.TEXT, media_type="text/plain")
        return Outcome(Reply(text, letter.copies, kept), "The letter is answered")

    def _framed(self, job: Job, given: Picture) -> Outcome:
        kept = job.keep(job.fetch(given.picture), name="framed.png", kind=ArtifactKind.IMAGE, media_type="image/png")
        return Outcome(Picture(kept, f"{given.title}, framed"), "The picture is framed")
