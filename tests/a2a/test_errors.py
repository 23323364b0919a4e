"""Refusals: their codes and shapes in both bindings (A2A 1.0, sections 3.3.2, 3.3.4, 3.6, 5.4, 9.5 and 11.6)."""

from typing import Any

import httpx2
import pytest

from tests.a2a.conftest import PostOffice
from tests.a2a.peers import REST, VERSION, Json, JsonRpcPeer, Peer, Refusal, RestPeer, message

Body = Any


@pytest.fixture
def json_rpc(office: PostOffice, alice: httpx2.Client) -> JsonRpcPeer:
    """Alice at the correspondent, over JSON-RPC."""
    return JsonRpcPeer(alice, office.address("correspondent"))


@pytest.fixture
def rest(office: PostOffice, alice: httpx2.Client) -> RestPeer:
    """Alice at the correspondent, over HTTP+JSON."""
    return RestPeer(alice, office.address("correspondent"))


# Section 5.4: reason, code of JSON-RPC, HTTP status, name of the status.
MAPPING = {
    "TASK_NOT_FOUND": (-32001, 404, "NOT_FOUND"),
    "TASK_NOT_CANCELABLE": (-32002, 400, "FAILED_PRECONDITION"),
    "PUSH_NOTIFICATION_NOT_SUPPORTED": (-32003, 400, "FAILED_PRECONDITION"),
    "UNSUPPORTED_OPERATION": (-32004, 400, "FAILED_PRECONDITION"),
    "CONTENT_TYPE_NOT_SUPPORTED": (-32005, 400, "INVALID_ARGUMENT"),
    "VERSION_NOT_SUPPORTED": (-32009, 400, "FAILED_PRECONDITION"),
    "INVALID_PARAMS": (-32602, 400, "INVALID_ARGUMENT"),
}


def refusal_of(peer: Peer, reason: str) -> Refusal:
    """What the client gets that does what this is the reason for refusing."""
    ended = peer.send(message("Hello"))
    unsupported = {"raw": "dGVzdA==", "mediaType": "application/x-nothing"}
    provoke = {
        "TASK_NOT_FOUND": lambda: peer.get({"id": "nothing"}),
        "TASK_NOT_CANCELABLE": lambda: peer.cancel(ended),
        "PUSH_NOTIFICATION_NOT_SUPPORTED": lambda: peer.call(
            "ListTaskPushNotificationConfigs", {"taskId": ended["id"]}
        ),
        "UNSUPPORTED_OPERATION": lambda: peer.call("GetExtendedAgentCard", {}),
        "CONTENT_TYPE_NOT_SUPPORTED": lambda: peer.send(message(parts=[unsupported])),
        "VERSION_NOT_SUPPORTED": lambda: peer.call("ListTasks", {}, **{"A2A-Version": "99.0"}),
        "INVALID_PARAMS": lambda: peer.list(pageSize=0),
    }
    with pytest.raises(Refusal) as refused:
        provoke[reason]()
    return refused.value


NO_NUMBER = '{"message": {"messageId": "a", "role": "ROLE_USER", "parts": [{"data": {"text": NaN}}]}}'


@pytest.mark.parametrize("reason", MAPPING)
def test_each_error_has_its_code_its_reason_and_its_domain(peer: Peer, reason: str) -> None:
    """5.4, 9.5, 11.6: the code of the binding; an ErrorInfo with reason and domain; a sentence."""
    refusal = refusal_of(peer, reason)
    assert refusal.code == MAPPING[reason][0 if peer.binding == "JSONRPC" else 1]
    (info,) = [one for one in refusal.details if one["@type"] == "type.googleapis.com/google.rpc.ErrorInfo"]
    assert (info["reason"], info["domain"]) == (reason, "a2a-protocol.org")
    assert refusal.message


def test_an_error_of_json_rpc_is_an_answer_with_code_message_and_data_alone(json_rpc: JsonRpcPeer) -> None:
    """9.5: a JSON-RPC error object, data an array of objects with an @type; HTTP status 200, application/json."""
    body = {"jsonrpc": "2.0", "id": "x", "method": "GetTask", "params": {"id": "nothing"}}
    response = json_rpc.http.post(json_rpc.url, json=body, headers=VERSION)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/json")
    answer = response.json()
    assert answer.keys() == {"jsonrpc", "id", "error"}
    assert answer["error"].keys() == {"code", "message", "data"}
    assert all("@type" in detail for detail in answer["error"]["data"])


def test_an_error_over_http_is_a_status_of_google_rpc(rest: RestPeer) -> None:
    """11.6: {"error": {code, status, message, details}}, the code that of the response."""
    response = rest.http.get(f"{rest.url}/tasks/nothing", headers=VERSION)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("application/json")
    error = response.json()["error"]
    assert error.keys() == {"code", "status", "message", "details"}
    assert (error["code"], error["status"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{", -32700),
        ("", -32700),
        ("\xff", -32700),
        ("[]", -32600),
        ("1", -32600),
        ('"text"', -32600),
        ("{}", -32600),
        ('[{"jsonrpc": "2.0", "id": 1, "method": "ListTasks"}]', -32600),
        ('{"jsonrpc": "1.0", "id": 1, "method": "ListTasks"}', -32600),
        ('{"id": 1, "method": "ListTasks"}', -32600),
        ('{"jsonrpc": "2.0", "id": 1}', -32600),
        ('{"jsonrpc": "2.0", "id": 1, "method": 5}', -32600),
        ('{"jsonrpc": "2.0", "id": {}, "method": "ListTasks"}', -32600),
        ('{"jsonrpc": "2.0", "id": 1, "method": "Nothing"}', -32601),
        ('{"jsonrpc": "2.0", "id": 1, "method": "message/send", "params": {}}', -32601),
        ('{"jsonrpc": "2.0", "id": 1, "method": "GetTask", "params": []}', -32602),
        ('{"jsonrpc": "2.0", "id": 1, "method": "GetTask", "params": "id"}', -32600),
        ('{"jsonrpc": "2.0", "id": 1, "method": "GetTask", "params": {"id": 5}}', -32602),
        ('{"jsonrpc": "2.0", "id": 1, "method": "GetTask", "params": {}}', -32602),
        ('{"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": {}}', -32602),
        ("[" * 100_000, -32700),
        (f'{{"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": {NO_NUMBER}}}', -32602),
    ],
)
def test_what_is_no_request_of_json_rpc_is_told_so(json_rpc: JsonRpcPeer, body: str, code: int) -> None:
    """9.5, JSON-RPC 2.0: parse error, invalid request, method not found, invalid params."""
    headers = {**VERSION, "Content-Type": "application/json"}
    answer = json_rpc.http.post(json_rpc.url, content=body.encode("latin-1"), headers=headers).json()
    assert answer["jsonrpc"] == "2.0"
    assert answer["error"]["code"] == code


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "1", '{"message": 5}', '{"message": {"parts": {}}}', "{}", "[" * 100_000, NO_NUMBER]
)
def test_what_is_no_message_is_told_so_over_http(rest: RestPeer, body: str) -> None:
    """11.6, 3.3.2: 400, never 500."""
    for path in ("/message:send", "/message:stream"):
        headers = {**VERSION, "Content-Type": "application/a2a+json"}
        response = rest.http.post(rest.url + path, content=body, headers=headers)
        assert response.status_code == 400
        assert response.json()["error"]["status"] == "INVALID_ARGUMENT"


WRONG: dict[str, Json] = {
    "no parts": {"parts": []},
    "an empty part": {"parts": [{}]},
    "no role": {"role": "ROLE_UNSPECIFIED"},
    "the agent's role": {"role": "ROLE_AGENT"},
    "no message id": {"messageId": ""},
    "a long message id": {"messageId": "x" * 129},
    "a long context id": {"contextId": "x" * 129},
    "an id that cannot be stored": {"contextId": "\u0000"},
    "too many parts": {"parts": [{"text": "x"}] * 1_001},
    "two inputs": {"parts": [{"data": {"text": "a"}}, {"data": {"text": "b"}}]},
    "an input that is no object": {"parts": [{"data": [1, 2]}]},
    "an input with a wrong type": {"parts": [{"data": {"text": 5}}]},
    "an input without what it needs": {"parts": [{"data": {"copies": 1}}]},
    "text that is none": {"parts": [{"text": "\u0000\u0001\u0002"}]},
    "a remark that cannot be stored": {"parts": [{"data": {"text": "a"}}, {"text": "a long remark with a \u0000"}]},
    "metadata that cannot be stored": {"metadata": {"urn:callboard:a2a:skills:1": {"skill": "answer"}, "x": "\u0000"}},
}
OF_A_SKILL = {"metadata": {"urn:callboard:a2a:skills:1": {"skill": "answer"}}}


@pytest.mark.parametrize("what", WRONG)
def test_every_parameter_of_a_message_is_checked(peer: Peer, what: str) -> None:
    """3.3.2: InvalidParamsError, which says what is wrong."""
    with pytest.raises(Refusal) as refused:
        peer.send({**message("Hello"), **OF_A_SKILL, **WRONG[what]})
    assert refused.value.reason == "INVALID_PARAMS"
    assert refused.value.message


def test_a_refusal_names_the_fields_that_are_wrong(peer: Peer) -> None:
    """3.3.2, 9.5: which parameters failed, as google.rpc.BadRequest."""
    with pytest.raises(Refusal) as refused:
        peer.send({**message(parts=[{"data": {"text": "Hello", "copies": "many"}}]), **OF_A_SKILL})
    (found,) = [one for one in refused.value.details if one["@type"] == "type.googleapis.com/google.rpc.BadRequest"]
    assert [violation["field"] for violation in found["fieldViolations"]] == ["copies"]


def test_fields_that_nobody_knows_are_ignored(peer: Peer) -> None:
    """5.7: for clients of later versions."""
    task = peer.call("SendMessage", {"message": message("Hello", colour="blue"), "priority": 5})["task"]
    assert task["status"]["state"] == "TASK_STATE_COMPLETED"


def test_extensions_that_nobody_knows_are_ignored(peer: Peer) -> None:
    """3.2.6: A2A-Extensions is what the client would like."""
    headers = {"A2A-Extensions": "https://example.com/ext/v1, https://example.com/ext/v2"}
    assert peer.call("SendMessage", {"message": message("Hello")}, **headers)["task"]


@pytest.mark.parametrize(
    "method", [method for method in REST if method.endswith(("PushNotificationConfig", "PushNotificationConfigs"))]
)
def test_push_notifications_are_not_supported(peer: Peer, method: str) -> None:
    """3.3.4: PushNotificationNotSupportedError, for all four operations."""
    params = {"taskId": "nothing", "id": "mine", "url": "https://example.com/hook"}
    with pytest.raises(Refusal) as refused:
        peer.call(method, params)
    assert refused.value.reason == "PUSH_NOTIFICATION_NOT_SUPPORTED"


def test_a_message_that_asks_for_push_notifications_begins_nothing(peer: Peer) -> None:
    """3.3.4: what cannot be done is refused, instead of done by half."""
    with pytest.raises(Refusal) as refused:
        peer.send(message("Hello"), taskPushNotificationConfig={"url": "https://example.com/hook"})
    assert refused.value.reason == "PUSH_NOTIFICATION_NOT_SUPPORTED"


@pytest.mark.parametrize("version", ["", "0.3", "0.3.0", "1.1", "2.0", "99.0", "one"])
def test_another_version_is_not_supported(peer: Peer, version: str) -> None:
    """3.6.2: VersionNotSupportedError; no version means 0.3."""
    with pytest.raises(Refusal) as refused:
        peer.call("ListTasks", {}, **{"A2A-Version": version})
    assert refused.value.reason == "VERSION_NOT_SUPPORTED"


def test_the_patch_number_of_a_version_is_not_looked_at(peer: Peer) -> None:
    """3.6: only Major.Minor."""
    assert peer.call("ListTasks", {}, **{"A2A-Version": "1.0.7"})["pageSize"] == 50


def test_the_version_may_be_a_parameter_of_the_request(office: PostOffice, alice: httpx2.Client) -> None:
    """3.6.1: instead of a header."""
    response = alice.get(f"{office.address('correspondent')}/tasks", params={"A2A-Version": "1.0"})
    assert response.status_code == 200


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "multipart/form-data"])
def test_a_body_that_is_no_json_is_refused_by_its_type(rest: RestPeer, media_type: str) -> None:
    """5.4: ContentTypeNotSupportedError."""
    headers = {**VERSION, "Content-Type": media_type}
    response = rest.http.post(f"{rest.url}/message:send", content="{}", headers=headers)
    assert response.status_code == 400
    assert response.json()["error"]["details"][0]["reason"] == "CONTENT_TYPE_NOT_SUPPORTED"


def test_answers_have_the_media_type_of_their_binding(json_rpc: JsonRpcPeer, rest: RestPeer) -> None:
    """9.1, 11.1: application/json, and application/a2a+json."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "ListTasks", "params": {}}
    over_json_rpc = json_rpc.http.post(json_rpc.url, json=body, headers=VERSION)
    over_http = rest.http.get(f"{rest.url}/tasks", headers=VERSION)
    assert over_json_rpc.headers["content-type"].startswith("application/json")
    assert over_http.headers["content-type"].startswith("application/a2a+json")


@pytest.mark.parametrize(
    ("verb", "path"), [("GET", ""), ("PUT", "/tasks"), ("GET", "/message:send"), ("GET", "/other")]
)
def test_what_no_binding_has_is_refused_as_json(rest: RestPeer, verb: str, path: str) -> None:
    """11.6: also what the routing refuses."""
    response = rest.http.request(verb, rest.url + path, headers=VERSION)
    assert response.status_code in (404, 405)
    assert response.json()["error"]["code"] == response.status_code
