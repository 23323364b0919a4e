"""Messages that begin tasks, and go on with them (A2A 1.0, sections 3.1.1, 3.2.2, 3.2.4 and 3.4)."""

from uuid import UUID, uuid4

import httpx2
import pytest

from tests.a2a.conftest import Gate, PostOffice
from tests.a2a.correspondent import QUESTION
from tests.a2a.peers import Peer, Refusal, message


def test_a_message_is_answered_with_the_task_that_it_began(peer: Peer) -> None:
    """3.1.1, 3.4.2: the response is a task with a unique id that the server made."""
    first, second = peer.send(message("Good morning")), peer.send(message("Good morning"))
    assert UUID(first["id"]) != UUID(second["id"])
    assert first["status"]["state"] == "TASK_STATE_COMPLETED"


def test_a_message_waits_until_the_task_has_ended(peer: Peer) -> None:
    """3.2.2: blocking by default; the response has the latest state with all artifacts."""
    task = peer.send(message("Hello"))
    assert task["status"]["state"] == "TASK_STATE_COMPLETED"
    assert task["status"]["message"]["parts"] == [{"text": "The letter is answered"}]
    letter, output = task["artifacts"]
    assert (letter["name"], output["artifactId"]) == ("letter.txt", "output")
    assert output["parts"][0]["data"] == {"text": "Dear sir, Hello", "copies": 1, "letter": letter["artifactId"]}


def test_a_failure_ends_the_task_with_its_reason(peer: Peer) -> None:
    """3.2.2, 4.1.3: FAILED is an end; why, stands in the status."""
    status = peer.send(message("fail"))["status"]
    assert status["state"] == "TASK_STATE_FAILED"
    assert status["message"]["parts"] == [{"text": "The ink has dried up."}]


def test_a_message_that_does_not_wait_is_answered_while_the_work_goes_on(peer: Peer, gate: Gate) -> None:
    """3.2.2: return_immediately."""
    task = peer.begin(gate.text)
    assert task["status"]["state"] in ("TASK_STATE_SUBMITTED", "TASK_STATE_WORKING")


def test_a_question_ends_the_waiting_and_a_message_answers_it(peer: Peer) -> None:
    """3.2.2, 3.4.3: INPUT_REQUIRED interrupts; the client goes on with the same task."""
    task = peer.send(message("ask me"))
    assert task["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    assert task["status"]["message"]["parts"] == [{"text": QUESTION}]
    task = peer.send(message("blue", taskId=task["id"], contextId=task["contextId"]))
    assert task["status"]["state"] == "TASK_STATE_COMPLETED"
    assert task["artifacts"][-1]["parts"][0]["data"]["text"] == "Dear sir, ask me on blue paper"


def test_the_context_follows_from_the_task(peer: Peer) -> None:
    """3.4.3: agents infer the contextId if only the taskId is given."""
    task = peer.send(message("ask me"))
    assert peer.send(message("blue", taskId=task["id"]))["contextId"] == task["contextId"]


def test_a_context_that_is_not_the_tasks_is_refused(peer: Peer) -> None:
    """3.4.3: mismatching contextId and taskId."""
    task = peer.send(message("ask me"))
    with pytest.raises(Refusal) as refused:
        peer.send(message("blue", taskId=task["id"], contextId=str(uuid4())))
    assert refused.value.reason == "INVALID_PARAMS"
    assert peer.get(task)["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"


def test_a_task_has_a_context_of_its_own_or_the_one_that_the_client_names(peer: Peer) -> None:
    """3.4.1: a generated contextId is in the response; one that is given is kept, or refused."""
    assert peer.send(message("Hello"))["contextId"]
    mine = f"letters {uuid4()}"
    assert peer.send(message("Hello", contextId=mine))["contextId"] == mine


@pytest.mark.parametrize("text", ["Hello", "fail"])
def test_a_task_that_has_ended_takes_no_more_messages(peer: Peer, text: str) -> None:
    """3.1.1: UnsupportedOperationError."""
    task = peer.send(message(text))
    with pytest.raises(Refusal) as refused:
        peer.send(message("One more thing", taskId=task["id"]))
    assert refused.value.reason == "UNSUPPORTED_OPERATION"


def test_a_task_that_asked_nothing_takes_no_messages(peer: Peer, gate: Gate) -> None:
    """3.3.3: agents MAY accept more messages; ours have no use for them, and say so."""
    task = peer.begin(gate.text)
    with pytest.raises(Refusal) as refused:
        peer.send(message("Hurry", taskId=task["id"]))
    assert refused.value.reason == "UNSUPPORTED_OPERATION"


def test_a_message_to_a_task_that_there_is_not_is_refused(peer: Peer) -> None:
    """3.4.2: TaskNotFoundError; clients cannot choose the ids of new tasks."""
    for task_id in (str(uuid4()), "mine"):
        with pytest.raises(Refusal) as refused:
            peer.send(message("Hello", taskId=task_id))
        assert refused.value.reason == "TASK_NOT_FOUND"


def test_the_history_is_what_was_said_in_order(peer: Peer) -> None:
    """3.7, 4.1.1: messages, questions and answers, as they were exchanged."""
    task = peer.send(message("ask me"))
    task = peer.send(message("blue", taskId=task["id"]))
    said = [(entry["role"], entry["parts"][0]["text"]) for entry in task["history"]]
    assert said == [("ROLE_USER", "ask me"), ("ROLE_AGENT", QUESTION), ("ROLE_USER", "blue")]
    assert {entry["taskId"] for entry in task["history"]} == {task["id"]}


@pytest.mark.parametrize("length", [0, 1, 2, 50])
def test_the_history_is_as_short_as_the_client_wants(peer: Peer, length: int) -> None:
    """3.2.4: never more messages than asked for, the latest ones; with 0 the field is left out."""
    task = peer.send(message("ask me"))
    answered = peer.send(message("blue", taskId=task["id"]), historyLength=length)
    for shown in (answered, peer.get(task, historyLength=length)):
        assert [entry["parts"][0]["text"] for entry in shown.get("history", [])] == ["ask me", QUESTION, "blue"][
            -length:
        ][:length]
        assert ("history" in shown) == (length > 0)


def test_a_negative_length_is_refused(peer: Peer) -> None:
    """3.3.2: all parameters are validated."""
    with pytest.raises(Refusal) as refused:
        peer.send(message("Hello"), historyLength=-1)
    assert refused.value.reason == "INVALID_PARAMS"


def test_the_same_message_id_makes_two_tasks_for_clients_that_promised_nothing(peer: Peer) -> None:
    """3.3.1: SendMessage MAY be idempotent. Clients exist that use one message id again and again."""
    sent = message("Hello")
    assert peer.send(sent)["id"] != peer.send(sent)["id"]


def test_a_repeated_message_of_our_profile_makes_no_second_task(peer: Peer) -> None:
    """3.3.1: with our extension the message id is that of the job, so that a repetition is recognised."""
    profile = {"urn:callboard:a2a:skills:1": {"skill": "answer"}}
    sent = message(metadata=profile, parts=[{"data": {"text": "Hello", "copies": 2}}])
    first, second = peer.send(sent), peer.send(sent)
    assert first == second
    assert first["artifacts"][-1]["parts"][0]["data"]["copies"] == 2


def test_the_coordinator_makes_a_film_of_an_idea(office: PostOffice, alice: httpx2.Client, peer: Peer) -> None:
    """The whole coordinator is an agent, whose skills are the pipelines; a text is an idea."""
    director = type(peer)(alice, office.address("coordinator"))
    task = director.begin("A lighthouse keeper finds a message in a bottle")
    made = alice.get(f"{office.url}/api/workflows/{task['id']}/").json()
    assert made["pipeline"] == "idea2video"
    assert made["input"]["idea"] == "A lighthouse keeper finds a message in a bottle"
    assert director.cancel(task)["id"] == task["id"]


def test_a_task_of_an_agent_is_no_film_in_the_list(office: PostOffice, alice: httpx2.Client, peer: Peer) -> None:
    """People look through their films; hundreds of single shots would bury them."""
    task = peer.send(message("Hello"))
    listed = alice.get(f"{office.url}/api/workflows/").json()["results"]
    assert task["id"] not in {workflow["id"] for workflow in listed}
    assert alice.get(f"{office.url}/api/workflows/{task['id']}/").json()["pipeline"] == "agent:correspondent/answer"
