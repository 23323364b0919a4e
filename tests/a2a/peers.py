"""Clients of both bindings with one face, so that each requirement is shown in both. They read the wire itself, with no SDK."""

import json
from abc import ABC, abstractmethod
from collections.abc import Generator
from typing import Any, Final
from uuid import uuid4

import httpx2

Json = dict[str, Any]
Updates = Generator[Json, None, None]

VERSION: Final = {"A2A-Version": "1.0"}
ENDED: Final = frozenset({"TASK_STATE_COMPLETED", "TASK_STATE_FAILED", "TASK_STATE_CANCELED", "TASK_STATE_REJECTED"})
ERROR_INFO: Final = "type.googleapis.com/google.rpc.ErrorInfo"
REQUEST_ID: Final = 7

# Section 11.3: the verb and the path of each operation.
REST: Final = {
    "SendMessage": ("POST", "/message:send"),
    "SendStreamingMessage": ("POST", "/message:stream"),
    "GetTask": ("GET", "/tasks/{id}"),
    "ListTasks": ("GET", "/tasks"),
    "CancelTask": ("POST", "/tasks/{id}:cancel"),
    "SubscribeToTask": ("POST", "/tasks/{id}:subscribe"),
    "CreateTaskPushNotificationConfig": ("POST", "/tasks/{taskId}/pushNotificationConfigs"),
    "GetTaskPushNotificationConfig": ("GET", "/tasks/{taskId}/pushNotificationConfigs/{id}"),
    "ListTaskPushNotificationConfigs": ("GET", "/tasks/{taskId}/pushNotificationConfigs"),
    "DeleteTaskPushNotificationConfig": ("DELETE", "/tasks/{taskId}/pushNotificationConfigs/{id}"),
    "GetExtendedAgentCard": ("GET", "/extendedAgentCard"),
}


class Refusal(Exception):
    """The server has answered with an error: its code in the binding, and its reason (`TASK_NOT_FOUND`)."""

    def __init__(self, code: int, message: str, details: list[Json]) -> None:
        super().__init__(f"{code} {message}")
        infos = [one for one in details if one["@type"] == ERROR_INFO]
        self.code, self.message, self.details = code, message, details
        self.reason = infos[0]["reason"] if infos else ""


def message(text: str = "", **fields: Any) -> Json:
    """A message of a user; of one part of text, unless `parts` are given."""
    return {"role": "ROLE_USER", "messageId": str(uuid4()), "parts": [{"text": text}], **fields}


class Peer(ABC):
    """A client of one agent, signed in as one user."""

    binding: str

    def __init__(self, http: httpx2.Client, url: str) -> None:
        self.http = http
        self.url = url

    @abstractmethod
    def call(self, method: str, params: Json, **headers: str) -> Json:
        """The result of an operation, by its name in the protocol: `SendMessage`.

        Raises: Refusal.
        """

    @abstractmethod
    def updates(self, method: str, params: Json) -> Updates:
        """The stream of an operation.

        Raises: Refusal.
        """

    def send(self, sent: Json, **configuration: Any) -> Json:
        """The task that a message begins or goes on with."""
        task: Json = self.call("SendMessage", {"message": sent, "configuration": configuration})["task"]
        return task

    def begin(self, text: str, **fields: Any) -> Json:
        """A task that is not waited for."""
        return self.send(message(text, **fields), returnImmediately=True)

    def stream(self, text: str, **fields: Any) -> Updates:
        """What comes of a message, one after the other."""
        return self.updates("SendStreamingMessage", {"message": message(text, **fields)})

    def subscribe(self, task: Json) -> Updates:
        """The task, and what becomes of it."""
        return self.updates("SubscribeToTask", {"id": task["id"]})

    def get(self, task: Json, **params: Any) -> Json:
        """The task as it is now."""
        return self.call("GetTask", {"id": task["id"], **params})

    def list(self, **params: Any) -> Json:
        """A page of tasks."""
        return self.call("ListTasks", params)

    def cancel(self, task: Json) -> Json:
        """Asks for the end of a task."""
        return self.call("CancelTask", {"id": task["id"]})


class JsonRpcPeer(Peer):
    """JSON-RPC 2.0 (section 9)."""

    binding = "JSONRPC"

    def call(self, method: str, params: Json, **headers: str) -> Json:
        return _result(self.http.post(self.url, json=_request(method, params), headers={**VERSION, **headers}).json())

    def updates(self, method: str, params: Json) -> Updates:
        with self.http.stream("POST", self.url, json=_request(method, params), headers=VERSION) as response:
            if not _is_stream(response):
                _result(json.loads(response.read()))
            for data in _events(response):
                yield _result(data)


class RestPeer(Peer):
    """HTTP+JSON (section 11)."""

    binding = "HTTP+JSON"

    def call(self, method: str, params: Json, **headers: str) -> Json:
        response = self.http.request(**self._asked(method, params), headers={**VERSION, **headers})
        return _checked(response.status_code, response.json())

    def updates(self, method: str, params: Json) -> Updates:
        with self.http.stream(**self._asked(method, params), headers=VERSION) as response:
            if not _is_stream(response):
                _checked(response.status_code, json.loads(response.read()))
            yield from _events(response)

    def _asked(self, method: str, params: Json) -> Json:
        verb, path = REST[method]
        rest = {name: value for name, value in params.items() if f"{{{name}}}" not in path}
        words = {name: str(value).lower() if isinstance(value, bool) else value for name, value in rest.items()}
        given = {"json": rest} if verb == "POST" and rest else {"params": words}
        return {"method": verb, "url": self.url + path.format(**params), **given}


BINDINGS: Final[tuple[type[Peer], ...]] = (JsonRpcPeer, RestPeer)


def _request(method: str, params: Json) -> Json:
    return {"jsonrpc": "2.0", "id": REQUEST_ID, "method": method, "params": params}


def _result(body: Json) -> Json:
    assert body["jsonrpc"] == "2.0"
    assert body["id"] == REQUEST_ID
    if error := body.get("error"):
        raise Refusal(error["code"], error["message"], error.get("data", []))
    result: Json = body["result"]
    return result


def _checked(status: int, body: Json) -> Json:
    if error := body.get("error"):
        assert error["code"] == status
        raise Refusal(error["code"], error["message"], error["details"])
    return body


def _is_stream(response: httpx2.Response) -> bool:
    return response.headers["content-type"].startswith("text/event-stream")


def _events(response: httpx2.Response) -> Updates:
    for line in response.iter_lines():
        if line.startswith("data:"):
            yield json.loads(line.removeprefix("data:"))
