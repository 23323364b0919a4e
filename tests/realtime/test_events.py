"""Each kind of event as it happens in a real workflow: live over the socket, and again for who comes back."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from django.contrib.auth.models import User

from callboard_client.apply_message import apply_message
from realtime.database import in_thread
from tests.contract import scenes
from tests.contract.scenes import SCENES, Scene
from tests.websocket_client import InProcessClient
from tests.workflows.sample_pipeline import SampleAgent
from workflows.events import KINDS

FOLDER = Path(scenes.__file__).parent


def scene_with(kind: str) -> Callable[[Scene], None]:
    """The first scene in which that happens."""
    return next(act for act in SCENES if f'"{kind}"' in (FOLDER / f"{act.__name__}.json").read_text())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.covers(*(f"event_{kind}" for kind in KINDS))
async def test_each_kind_of_event_is_sent_as_it_happens_and_replayed_later(
    connect: Callable[..., Awaitable[InProcessClient]], sample_agent: SampleAgent, alice: User, kind: str
) -> None:
    scene = await in_thread(Scene, sample_agent, alice)
    subscribe = {"type": "subscribe", "target": "workflow", "id": str(scene.workflow.pk)}
    client, again = await connect(alice), await connect(alice)
    snapshot = (await client.request(**subscribe))["snapshot"]
    await in_thread(scene_with(kind), scene)
    while (message := await client.receive()).get("kind") != kind:
        apply_message(snapshot, message)
    assert message["seq"] == snapshot["seq"] + 1
    msgspec.convert({"kind": kind, **message["data"]}, KINDS[kind])
    await again.send(**subscribe, since=snapshot["seq"])
    replayed = await again.receive_until("event")
    assert without_signature(replayed) == without_signature(message)
    scene.end()


def without_signature(message: object) -> str:
    """A link is signed anew each time."""
    return json.dumps(message).partition("?")[0]
