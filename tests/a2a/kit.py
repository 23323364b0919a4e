"""An agent for the public test kit of the protocol (a2a-tck): it does what the kit's scenarios ask for.

The kit says by the beginning of a message's id what is to become of it. Agents know nothing of messages, so this one looks
them up. To run the kit: `python -m tests.a2a.serving`, and then the kit at /a2a/kit (docs/a2a.md).
"""

import time
from typing import Any, Final

from msgspec import Struct

from agents.contract import Agent, AgentError, ArtifactKind, InputRequired, Job, Outcome, typed_skill
from workflows.a2a.models import A2ATask

DELAY_SECONDS: Final = 2.0  # the kit's time-out of a stream is five times as long
TICK_SECONDS: Final = 0.1


class Said(Struct):
    """What `say` takes and gives."""

    text: str


class Kit(Agent):
    """Completes, waits, asks, keeps files or fails: as the kit wants."""

    name = "kit"
    description = "Does what the scenarios of the public test kit ask for."
    max_concurrent = 20
    skills = (typed_skill("say", "Say", "Says what it was told.", Said, Said, tags=("tck",)),)

    def perform(self, job: Job) -> Outcome:
        scenario, said = _scenario(job), job.read(Said)
        if scenario.startswith("tck-input-required") and not job.answers:
            raise InputRequired("What else?")
        if scenario.startswith("tck-reject-task"):
            raise AgentError("rejected")
        if scenario.startswith(("tck-delayed-complete", "test-resubscribe")):
            self._delay(job)
        if scenario.startswith(("tck-artifact-file", "tck-stream-artifact-file")):
            path = job.workdir / "output.txt"
            path.write_text("tck")
            job.keep(path, name=path.name, kind=ArtifactKind.TEXT, media_type="text/plain")
        return Outcome(said, "Hello from TCK")

    def _delay(self, job: Job) -> None:
        until = time.monotonic() + DELAY_SECONDS
        while time.monotonic() < until:
            job.checkpoint()
            time.sleep(TICK_SECONDS)


def _scenario(job: Any) -> str:  # noqa: ANN401 - the job of a runner, which knows its workflow
    row = A2ATask.objects.get(workflow=job.execution.claim.workflow)
    return str(row.history[0]["messageId"])
