"""The scenarios of the contract samples: real workflows of the sample pipeline.

A sample is {"name", "before", "messages", "after"}: a snapshot, the messages that followed, and the snapshot that was
fetched afresh after them. A client that applies the messages to the first must get the last. In it `progress`, `message`,
`stage` and `eta` are those of the last progress message, and links have lost their signature, which is new each time.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User

from agents.contract import AgentError, BudgetReached, InputRequired, Job
from agents.usage import Usage
from tests.workflows.sample_pipeline import SampleAgent
from workflows import attempts, claims, coordinator, executions, snapshots, standstill
from workflows.models import Workflow
from workflows.signals import event_recorded, progress_reported

Json = dict[str, Any]


class Scene:
    """One workflow, and all messages that its watchers would have received in `messages`."""

    def __init__(self, agent: SampleAgent, owner: User) -> None:
        self.agent, self.owner = agent, owner
        self.workflow = coordinator.create(pipeline="telegram", given={"text": "send more light"}, owner=owner)
        self.messages: list[Json] = []
        event_recorded.connect(self._receive)
        progress_reported.connect(self._receive)

    def work(self, times: int = 1000) -> None:
        """Performs attempts, one after the other."""
        for _ in range(times):
            if (claim := claims.claim_next("contract")) is None:
                return
            attempts.perform(claim)

    def control(self, action: str, **options: str) -> None:
        """The owner controls the workflow."""
        coordinator.control(workflow=self.workflow, by=self.owner, action=action, **options)

    def snapshot(self) -> Json:
        """The current snapshot."""
        return snapshots.workflow_snapshot(Workflow.objects.get(pk=self.workflow.pk))

    def end(self) -> None:
        """Stops recording messages."""
        event_recorded.disconnect(self._receive)
        progress_reported.disconnect(self._receive)

    def _receive(self, message: Json, **_: Any) -> None:
        if message["workflow_id"] == str(self.workflow.pk):
            self.messages.append(message)


def from_start_to_end(scene: Scene) -> None:
    """Nothing goes wrong, and what is made gets a name."""
    scene.agent.title = "Three words"
    scene.work()


def paused_and_resumed(scene: Scene) -> None:
    """Paused between two words, asked again, resumed."""
    scene.work(2)
    scene.control("pause", request_id="p1")
    scene.control("pause", request_id="p2")
    scene.control("resume", request_id="r1")
    scene.work()


def paused_now_in_the_middle(scene: Scene) -> None:
    """Stopped at once: the word must be spelt again."""
    scene.work(1)

    def stop(_job: Job, _word: str) -> None:
        scene.agent.on_spell = lambda _job, _word: None
        scene.control("pause", mode="now", request_id="p1")

    scene.agent.on_spell = stop
    scene.work()
    scene.control("resume", request_id="r1")
    scene.work()


def cancelled_half_way(scene: Scene) -> None:
    """Cancelled while some words are spelt and others not."""
    scene.work(2)
    scene.control("cancel", request_id="c1")


def cancelled_in_the_middle(scene: Scene) -> None:
    """Cancelled while a word is being spelt."""
    scene.work(1)
    scene.agent.on_spell = lambda _job, _word: scene.control("cancel", request_id="c1")
    scene.work()


def failed_and_retried(scene: Scene) -> None:
    """One word cannot be spelt at first."""

    def refuse(_job: Job, word: str) -> None:
        if word == "more":
            raise AgentError("I do not spell that word.")

    scene.agent.on_spell = refuse
    scene.work()
    scene.agent.on_spell = lambda _job, _word: None
    scene.control("retry", request_id="t1")
    scene.work()


def failed_for_good(scene: Scene) -> None:
    """Two words cannot be spelt."""

    def refuse(_job: Job, word: str) -> None:
        if word != "more":
            raise AgentError("I do not spell that word.")

    scene.agent.on_spell = refuse
    scene.work()


def stumbling(scene: Scene) -> None:
    """A passing fault: the attempt is made again, later."""

    def stumble(_job: Job, _word: str) -> None:
        scene.agent.on_spell = lambda _job, _word: None
        raise AgentError("The line was busy.", retryable=True)

    scene.agent.on_spell = stumble
    scene.work()


def stalled_and_resumed(scene: Scene) -> None:
    """An agent gives no sign of life for a while, and then goes on."""

    def hang(job: Job, _word: str) -> None:
        scene.agent.on_spell = lambda _job, _word: None
        (execution,) = executions.present()
        execution.signed_at -= standstill.STALLED_SECONDS
        beat()
        job.progress(0.6)
        beat()

    def beat() -> None:
        standstill.record_stalls()
        standstill.announce_reasons()

    scene.agent.on_spell = hang
    scene.work()


def asked_and_answered(scene: Scene) -> None:
    """An agent asks something, a person answers, and it goes on."""

    def ask(job: Job, _word: str) -> None:
        if not job.answers:
            raise InputRequired("Which colour?")

    scene.agent.on_spell = ask
    scene.work()
    standstill.announce_reasons()
    for _ in range(scene.workflow.tasks.filter(state="input_required").count()):
        task = scene.workflow.tasks.filter(state="input_required").order_by("position")[0]
        scene.control("answer", task=task.key, answer="Red", request_id=task.key)
    scene.work()


def run_again(scene: Scene) -> None:
    """Completed, and then run again from one of its words, as a new workflow."""
    scene.work()
    coordinator.rerun(workflow=scene.workflow, by=scene.owner, from_task="spell/2")


def models_called(scene: Scene) -> None:
    """Models are called for two words, for one of them again after a failure; for the third nothing more may be spent."""

    def spell(job: Job, word: str) -> None:
        if word == "light":
            raise BudgetReached("The budget of this film is reached.")
        job.report_usage(Usage(model="writer", prompt_tokens=120, completion_tokens=80))
        job.report_usage(Usage(model="painter", pictures=1))
        if word == "more" and job.attempt == 1:
            raise AgentError("The answer is of no use.")

    scene.agent.on_spell = spell
    scene.work()
    scene.control("retry", request_id="t1")
    scene.work()


SCENES: tuple[Callable[[Scene], None], ...] = (
    from_start_to_end,
    paused_and_resumed,
    paused_now_in_the_middle,
    cancelled_half_way,
    cancelled_in_the_middle,
    failed_and_retried,
    failed_for_good,
    stumbling,
    stalled_and_resumed,
    asked_and_answered,
    run_again,
    models_called,
)
