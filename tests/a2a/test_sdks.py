"""Clients that others have written: the Python SDK's, and the JavaScript one, in both bindings."""

import json
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from a2a.client.client import ClientConfig
from a2a.client.client_factory import create_client
from a2a.types.a2a_pb2 import (
    CancelTaskRequest,
    GetTaskRequest,
    Message,
    Part,
    Role,
    SendMessageConfiguration,
    SendMessageRequest,
    TaskState,
)

from tests.a2a.conftest import PostOffice
from tests.node import run_in_node

NODE_SECONDS = 60

bindings = pytest.mark.parametrize("binding", ["JSONRPC", "HTTP+JSON"])


def asking(text: str, *, is_patient: bool = True) -> SendMessageRequest:
    """A message as the Python SDK makes it."""
    return SendMessageRequest(
        message=Message(message_id=str(uuid4()), role=Role.ROLE_USER, parts=[Part(text=text)]),
        configuration=SendMessageConfiguration(return_immediately=not is_patient),
    )


@bindings
async def test_the_python_sdk_streams_fetches_and_cancels(office: PostOffice, binding: str) -> None:
    headers = {"Authorization": f"Bearer {office.token('alice')}"}
    async with httpx.AsyncClient(headers=headers, timeout=60, trust_env=False) as http:
        config = ClientConfig(
            httpx_client=http, supported_protocol_bindings=[binding], use_client_preference=True, streaming=True
        )
        client = await create_client(office.address("correspondent"), config)
        updates = [update async for update in client.send_message(asking("Good day"))]
        task = updates[0].task
        assert updates[-1].status_update.status.state == TaskState.TASK_STATE_COMPLETED

        fetched = await client.get_task(GetTaskRequest(id=task.id))
        assert fetched.artifacts[-1].parts[0].data.struct_value["text"] == "Dear sir, Good day"

        config.streaming = False
        (begun,) = [update.task async for update in client.send_message(asking("wait", is_patient=False))]
        cancelled = await client.cancel_task(CancelTaskRequest(id=begun.id))
        assert cancelled.status.state == TaskState.TASK_STATE_CANCELED


@bindings
def test_the_javascript_sdk_streams_fetches_and_cancels(office: PostOffice, binding: str, tmp_path: Path) -> None:
    arguments = (office.address("correspondent"), binding)
    told = json.loads(
        run_in_node(tmp_path, "a2a_client.mjs", *arguments, seconds=NODE_SECONDS, A2A_TOKEN=office.token("alice"))
    )
    assert told["protocol"] == "1.0"
    assert told["streamed"][-2:] == ["Result", "TASK_STATE_COMPLETED"]
    assert told["fetched"] == {"state": "TASK_STATE_COMPLETED", "artifacts": ["letter.txt", "Result"]}
    assert told["output"]["text"] == "Dear sir, Bonjour"
    assert told["cancelled"] == "TASK_STATE_CANCELED"
