"""The sample in which watchers come and go while a workflow runs: the messages that one of them received."""

from typing import Any

from django.contrib.auth.models import User

from realtime.database import in_thread
from tests.contract.scenes import Scene
from tests.realtime.conftest import Dial
from tests.realtime.inprocess_client import Wire

Json = dict[str, Any]
NEWS = frozenset({"event", "progress", "watchers"})


class Watcher:
    """A client that watches the workflow: its first snapshot in `before`, the messages since in `messages`."""

    def __init__(self, wire: Wire, snapshot: Json) -> None:
        self.wire = wire
        self.before = snapshot
        self.messages: list[Json] = []

    async def receive_until(self, **wanted: Any) -> None:
        """Receives messages until one has these fields."""
        while True:
            message = await self.wire.hear()
            if message["type"] in NEWS:
                self.messages.append(message)
            if wanted.items() <= message.items():
                return


async def watched(scene: Scene, dial: Dial, guest: User) -> Json:
    """The owner stays; a guest comes and goes; the owner's phone comes and stays."""

    async def enter(user: User) -> Watcher:
        wire = await dial(user)
        answer = await wire.ask(type="subscribe", target="workflow", id=str(scene.workflow.pk))
        return Watcher(wire, answer["snapshot"])

    owner = await enter(scene.owner)
    visit = await enter(guest)
    await owner.receive_until(watchers=2)
    await in_thread(scene.work, 2)
    await owner.receive_until(kind="task_finished")
    await enter(scene.owner)
    await owner.receive_until(watchers=3)
    await in_thread(scene.work, 1)
    await visit.wire.hang_up()
    await owner.receive_until(watchers=2)
    await in_thread(scene.work)
    after = await in_thread(scene.snapshot)
    await owner.receive_until(type="event", seq=after["seq"])
    return {"before": owner.before, "messages": owner.messages, "after": after}
