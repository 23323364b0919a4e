"""What the public test kit (a2a-tck) does that others do not: one id for many messages, and requests without its token."""

import httpx2
import pytest

from tests.a2a.conftest import PostOffice, states
from tests.a2a.peers import VERSION, Peer, message


@pytest.fixture
def kit(office: PostOffice, alice: httpx2.Client, peer: Peer) -> Peer:
    """Alice at the agent for the kit, in either binding."""
    return type(peer)(alice, office.address("kit"))


def scenario(name: str, **fields: str) -> dict[str, object]:
    """A message that asks for a scenario of the kit by its id, which is the same in a whole run."""
    return message("Hello from TCK", messageId=f"tck-{name}-0a1b2c3d", **fields)


def test_a_message_id_may_be_used_again_for_new_tasks(kit: Peer) -> None:
    first, second = kit.send(scenario("complete-task")), kit.send(scenario("complete-task"))
    assert first["id"] != second["id"]
    assert first["status"]["message"]["parts"] == [{"text": "Hello from TCK"}]


def test_a_task_that_asked_is_completed_by_a_message_with_an_id_of_others(kit: Peer) -> None:
    for _ in range(2):
        task = kit.send(scenario("input-required"))
        assert task["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
        assert kit.send(scenario("complete-task", taskId=task["id"]))["status"]["state"] == "TASK_STATE_COMPLETED"


def test_one_and_the_same_delayed_task_is_waited_for_or_not(kit: Peer) -> None:
    assert kit.send(scenario("delayed-complete"))["status"]["state"] == "TASK_STATE_COMPLETED"
    begun = kit.send(scenario("delayed-complete"), returnImmediately=True)
    assert begun["status"]["state"] in ("TASK_STATE_SUBMITTED", "TASK_STATE_WORKING")


def test_a_context_that_nobody_has_named_before_is_accepted(kit: Peer) -> None:
    assert kit.send(scenario("complete-task", contextId="tck-client-context"))["contextId"] == "tck-client-context"


def test_a_stream_begins_with_the_task_whatever_the_scenario(kit: Peer) -> None:
    for name in ("stream-001", "stream-002", "stream-003", "stream-artifact-file"):
        updates = list(kit.updates("SendStreamingMessage", {"message": scenario(name)}))
        assert "task" in updates[0]
        assert states(updates)[-1] == "TASK_STATE_COMPLETED"


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"A2A-Version": "99.0"}, "VERSION_NOT_SUPPORTED"),
        ({**VERSION, "Content-Type": "text/plain"}, "CONTENT_TYPE_NOT_SUPPORTED"),
    ],
)
def test_what_the_server_does_not_speak_is_refused_before_it_asks_who_is_there(
    office: PostOffice, headers: dict[str, str], reason: str
) -> None:
    """3.6.2, 5.4: these refusals say nothing that a card does not."""
    with office.anonymous() as http:
        over_http = http.post(f"{office.address('kit')}/message:send", content="{}", headers=headers)
        over_json_rpc = http.post(office.address("kit"), content='{"id": 1}', headers=headers)
    assert over_http.status_code == 400
    assert over_http.json()["error"]["details"][0]["reason"] == reason
    assert over_json_rpc.status_code == 200
    assert over_json_rpc.json()["error"]["data"][0]["reason"] == reason
