"""The sample in which watchers come and go while a workflow runs: the messages that one of them received."""

from typing import Any

from django.contrib.auth.models import User

from realtime.database import in_thread
from tests.contract.scenes import Scene
from tests.fixtures.connections import Connect

Json = dict[str, Any]
CHANGES = frozenset({"event", "progress", "watchers"})


async def watched(scene: Scene, connect: Connect, guest: User) -> Json:
    """The owner stays; a guest comes and goes; the owner's phone comes and stays."""
    path = f"/ws/workflow/{scene.workflow.pk}"
    owner = await connect(scene.owner, path)
    before = (await owner.receive_until("subscribed"))["snapshot"]
    visitor = await connect(guest, path)
    await owner.receive_until("watchers", watchers=2)
    await in_thread(scene.work, 2)
    await owner.receive_until("event", kind="task_finished")
    await connect(scene.owner, path)
    await owner.receive_until("watchers", watchers=3)
    await in_thread(scene.work, 1)
    await visitor.disconnect()
    await owner.receive_until("watchers", watchers=2)
    await in_thread(scene.work)
    after = await in_thread(scene.snapshot)
    await owner.receive_until("event", seq=after["seq"])
    messages = [message for message in owner.received if message["type"] in CHANGES]
    return {"before": before, "messages": messages, "after": after}
