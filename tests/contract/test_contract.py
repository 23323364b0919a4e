"""Old snapshot + messages == new snapshot: with real workflows, and as samples that the TypeScript client applies too.

After a change of the events run with CONTRACT_WRITE=1 to write the samples anew.
"""

import copy
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.contrib.auth.models import User

from callboard_client.apply_message import apply_message
from realtime.wire.messages import EventMessage, ProgressMessage, WatchersMessage
from tests.contract.scenes import SCENES, Scene, failed_and_retried
from tests.contract.watched import watched
from tests.fixtures.connections import Connect
from tests.workflows.sample_pipeline import SampleAgent
from workflows import events, folding
from workflows.bodies import WorkflowSnapshot

Json = dict[str, Any]
FOLDER = Path(__file__).parent
ESTIMATES = ("progress", "message", "stage", "eta", "elapsed", "queue", "waiting_for")
TYPES = {"event": EventMessage, "progress": ProgressMessage, "watchers": WatchersMessage}
SAMPLES = sorted(FOLDER.glob("*.json"))

_made: dict[Callable[..., Any], Json] = {}  # the sample of each scenario


@pytest.fixture
def scene(sample_agent: SampleAgent, alice: User) -> Iterator[Scene]:
    """A scenario with a pending workflow."""
    scene = Scene(sample_agent, alice)
    yield scene
    scene.end()


@pytest.fixture
async def seen_by_a_watcher(scene: Scene, connect: Connect, olga: User) -> Json:
    """The messages that one of several watchers received."""
    return await watched(scene, connect, guest=olga)


@pytest.fixture(params=[*SCENES, watched], ids=lambda act: act.__name__)
def sample(request: pytest.FixtureRequest, transactional_db: None) -> Json:
    """A sample made by running a scenario now, once in a test run."""
    act, fixture = request.param, request.getfixturevalue
    if act not in _made:
        played = fixture("seen_by_a_watcher") if act is watched else play(act, fixture("scene"))
        known = applied(played["before"], played["messages"])
        played["after"].update({name: known[name] for name in ESTIMATES})
        _made[act] = unsigned({"name": act.__name__, **played})
    return copy.deepcopy(_made[act])


def play(act: Callable[[Scene], None], scene: Scene) -> Json:
    """Runs a scenario that has no watchers."""
    before = scene.snapshot()
    act(scene)
    return {"before": before, "messages": scene.messages, "after": scene.snapshot()}


def unsigned(sample: Json) -> Json:
    """Without the signatures of links."""
    return dict(json.loads(re.sub(r'("/api/workflows/[^"?]*)\?[^"]*"', r'\1"', json.dumps(sample))))


def applied(before: Json, messages: list[Json]) -> Json:
    state = copy.deepcopy(before)
    for message in messages:
        apply_message(state, message)
    return state


def facts(snapshot: Json) -> Json:
    return {key: value for key, value in snapshot.items() if key not in (*ESTIMATES, "watchers")}


def assert_fits_the_protocol(sample: Json) -> None:
    for snapshot in (sample["before"], sample["after"]):
        assert msgspec.to_builtins(msgspec.convert(snapshot, WorkflowSnapshot)) == snapshot
    for message in sample["messages"]:
        assert msgspec.to_builtins(msgspec.convert(message, TYPES[message["type"]])) == message
        if message["type"] == "event":
            msgspec.convert({"kind": message["kind"], **message["data"]}, events.KINDS[message["kind"]])


def test_old_state_and_messages_make_the_state_that_is_fetched_afresh(sample: Json) -> None:
    assert applied(sample["before"], sample["messages"]) == sample["after"]


def test_events_alone_are_enough(sample: Json) -> None:
    only_events = [message for message in sample["messages"] if message["type"] == "event"]
    assert facts(applied(sample["before"], only_events)) == facts(sample["after"])


def test_what_comes_twice_changes_nothing(sample: Json) -> None:
    twice = [message for message in sample["messages"] for _ in range(2)]
    assert applied(sample["before"], twice) == sample["after"]


def test_every_message_is_as_the_protocol_defines_it_and_has_no_other_fields(sample: Json) -> None:
    assert_fits_the_protocol(sample)


def test_the_samples_hold_what_happens_today(sample: Json) -> None:
    assert_is_kept(sample)


def assert_is_kept(sample: Json) -> None:
    path = FOLDER / f"{sample['name']}.json"
    if os.environ.get("CONTRACT_WRITE"):
        path.write_text(json.dumps(sample, indent=1) + "\n", encoding="utf-8")
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kinds(kept) == kinds(sample), "Run with CONTRACT_WRITE=1, and let the front end fold the new samples."


def test_the_sample_of_a_folded_workflow_holds_what_happens_today(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which tasks a fresh snapshot shows, messages cannot tell: what they do is tested in tests/workflows/test_large_workflows.py."""
    monkeypatch.setattr(folding, "TASKS_SHOWN", 1)
    scene.work(1)
    scene.messages.clear()
    played = play(failed_and_retried, scene)
    played["after"] = applied(played["before"], played["messages"])
    sample = unsigned({"name": "folded", **played})
    assert sample["before"]["stages"][1]["folded"]
    assert_fits_the_protocol(sample)
    assert_is_kept(sample)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_is_as_the_protocol_defines_it_and_can_be_applied(path: Path) -> None:
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert_fits_the_protocol(kept)
    assert applied(kept["before"], kept["messages"]) == kept["after"]


def test_the_samples_hold_every_kind_of_event() -> None:
    kept = {kind for path in SAMPLES for kind in kinds(json.loads(path.read_text(encoding="utf-8")))}
    assert kept == set(events.KINDS)


def test_the_samples_hold_watchers_who_come_and_go() -> None:
    kept = json.loads((FOLDER / "watched.json").read_text(encoding="utf-8"))
    counts = [message["watchers"] for message in kept["messages"] if message["type"] == "watchers"]
    assert counts[-3:] == [2, 3, 2]
    assert kept["after"]["watchers"] == 2


def kinds(sample: Json) -> list[str]:
    return [message["kind"] for message in sample["messages"] if message["type"] == "event"]
