"""What a client may send, what it may not, and how it is answered."""

import contextlib
import json
import logging
from typing import Any
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from realtime.wire import messages
from realtime.wire.errors import CloseCode, InvalidMessage, InvalidTarget, ProtocolError, UnknownMessage
from tests.fixtures.connections import Connect
from tests.websocket_client import ConnectionClosed
from workflows.models import Workflow

Json = dict[str, Any]

WRONG: list[tuple[str, str]] = [
    ("nonsense", "not JSON"),
    ("", "not JSON"),
    ('{"type":"ping"', "not JSON"),
    ("[1, 2]", "object"),
    ("null", "object"),
    ('"ping"', "object"),
    ("{}", "`type`"),
    ('{"type":7}', "`$.type`"),
    ('{"type":"subscribe"}', "`target`"),
    ('{"type":"subscribe","target":7}', "`$.target`"),
    ('{"type":"subscribe","target":"workflow"}', "id"),
    ('{"type":"subscribe","target":"workflow","id":7}', "`$.id`"),
    ('{"type":"subscribe","target":"coordinator","since":-1}', "`$.since`"),
    ('{"type":"subscribe","target":"coordinator","since":1.5}', "`$.since`"),
    ('{"type":"subscribe","target":"coordinator","since":99999999999999999999}', "`$.since`"),
    ('{"type":"subscribe","target":"coordinator","sicne":3}', "`sicne`"),
    ('{"type":"subscribe","target":"coordinator","ref":{}}', "`$.ref`"),
    ('{"type":"control","action":"explode","workflow_id":"x"}', "`$.action`"),
    ('{"type":"control","action":"pause"}', "`workflow_id`"),
    ('{"type":"control","action":"pause","workflow_id":"x","mode":"maybe"}', "`$.mode`"),
    ('{"type":"control","action":"retry","workflow_id":"x","task":"\\u0000"}', "`$.task`"),
    ('{"type":"authenticate"}', "`token`"),
    ('{"type":"ping","x":' + "[" * 60_000, "not JSON"),
    ('{"type":"ping","x":"\\ud800"}', "not JSON"),
]


@pytest.mark.parametrize(("text", "named"), WRONG, ids=[text[:40] for text, _ in WRONG])
@pytest.mark.covers("receive_error")
async def test_an_error_tells_what_is_wrong_with_a_message(
    connect: Connect, alice: User, text: str, named: str
) -> None:
    client = await connect(alice)
    await client.send_frame(text)
    answer = await client.receive()
    assert (answer["type"], answer["error_type"], answer["retryable"]) == ("error", "InvalidMessage", False)
    assert named in answer["message"]
    assert await client.receives_nothing()


@pytest.mark.covers("error_invalid_message")
async def test_a_binary_frame_is_refused(connect: Connect, alice: User) -> None:
    client = await connect(alice)
    await client.send_frame(b'{"type":"ping"}')
    assert (await client.receive())["error_type"] == "InvalidMessage"


@pytest.mark.parametrize(
    "target",
    [
        {"target": "moon"},
        {"target": "workflow", "id": "not-a-uuid"},
        {"target": "agent", "id": "No Such Name!"},
        {"target": "agent", "id": "../x"},
    ],
)
@pytest.mark.covers("error_invalid_target")
async def test_a_room_that_cannot_exist_is_refused(connect: Connect, olga: User, target: dict[str, str]) -> None:
    client = await connect(olga)
    answer = await client.request(type="subscribe", **target)
    assert answer["error_type"] == "InvalidTarget"


@pytest.mark.covers("error_unknown_message")
async def test_an_unknown_message_is_ignored(connect: Connect, alice: User) -> None:
    client = await connect(alice)
    await client.send(type="sing", song="anything")
    assert await client.receives_nothing()


@pytest.mark.covers("send_ping")
async def test_a_ping_is_answered_whatever_else_is_in_it(connect: Connect, alice: User) -> None:
    client = await connect(alice)
    await client.send(type="pong", timestamp="now")
    await client.send(type="ping", sent=1)
    assert (await client.receive())["type"] == "pong"


@pytest.mark.covers("close_1009_invalid_message", "limit_frame_bytes")
async def test_a_frame_that_is_too_long_closes_the_connection(connect: Connect, alice: User) -> None:
    client = await connect(alice)
    # 65,536 bytes, though fewer characters
    await client.send_frame(json.dumps({"type": "ping", "x": "é" * 32_755}, ensure_ascii=False).replace(" ", ""))
    assert (await client.receive())["type"] == "pong"
    await client.send_frame(json.dumps({"type": "ping", "x": "a" * 65_536}))
    assert (await client.receive())["error_type"] == "InvalidMessage"
    assert await client.receive_close() == 1009


@pytest.mark.covers("error_rate_limit_exceeded", "limit_messages_per_minute")
async def test_a_minute_has_a_limited_number_of_messages(connect: Connect, alice: User) -> None:
    client = await connect(alice)
    for _ in range(105):
        await client.send(type="ping")
    answers = [await client.receive() for _ in range(105)]
    refused = [answer for answer in answers if answer["type"] == "error"]
    assert len(refused) in (4, 5)
    assert refused[0]["error_type"] == "RateLimitExceeded"
    assert refused[0]["retryable"] is True
    assert 0 < refused[0]["retry_after"] <= 0.7


@pytest.mark.covers("send_pong")
async def test_a_pong_does_not_count_against_the_rate_limit(connect: Connect, alice: User) -> None:
    client = await connect(alice)
    for _ in range(150):
        await client.send(type="pong")
    assert await client.receives_nothing()


@pytest.mark.covers("close_4129_rate_limit_exceeded", "limit_refusals_per_minute")
async def test_too_many_refusals_close_the_connection(connect: Connect, alice: User, settings: Settings) -> None:
    settings.REALTIME = {**settings.REALTIME, "MESSAGES_PER_MINUTE": 5}
    client = await connect(alice)
    for _ in range(40):
        await client.send_frame("nonsense")
    answers = [(await client.receive())["error_type"] for _ in range(25)]
    assert answers == ["InvalidMessage"] * 5 + ["RateLimitExceeded"] * 20
    assert await client.receive_close() == 4129


@pytest.mark.covers("error_database_unavailable")
async def test_a_message_that_the_database_does_not_answer_is_to_be_sent_again(
    connect: Connect, alice: User, sample_workflow: Workflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await connect(alice)
    with monkeypatch.context() as patch:
        patch.setattr("realtime.queries.workflow_snapshot", Mock(side_effect=OperationalError("swordfish is away")))
        answer = await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    assert (answer["error_type"], answer["retryable"]) == ("DatabaseUnavailable", True)
    assert "swordfish" not in json.dumps(answer)
    assert (await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk)))[
        "type"
    ] == "subscribed"


@pytest.mark.covers("error_internal_error")
async def test_an_internal_error_is_answered_without_details_and_the_connection_goes_on(
    connect: Connect, alice: User, sample_workflow: Workflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret is swordfish")

    client = await connect(alice)
    with monkeypatch.context() as patch:
        patch.setattr("realtime.queries.workflow_snapshot", broken)
        answer = await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    assert (answer["error_type"], answer["retryable"]) == ("InternalError", True)
    assert "swordfish" not in json.dumps(answer)
    assert (await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk)))[
        "type"
    ] == "subscribed"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=8,
)
likely = st.fixed_dictionaries(
    {"type": st.sampled_from(["subscribe", "unsubscribe", "control", "ping", "pong", "authenticate"]) | json_values},
    optional=dict.fromkeys(
        ("target", "id", "since", "ref", "action", "workflow_id", "request_id", "mode", "task", "token"), json_values
    ),
)


@given(text=st.text() | (json_values | likely).map(json.dumps))
@settings(max_examples=80, deadline=None)
def test_any_text_is_a_message_or_an_error(text: str) -> None:
    with contextlib.suppress(InvalidMessage, InvalidTarget, UnknownMessage):
        assert isinstance(messages.decode(text), messages.ClientMessage)


FITTING: list[Json] = [
    {"type": "subscribe", "target": "workflow", "id": "6f0f5a0e-9a5b-4f6e-8f39-1d3c5b6a7e88", "since": 1, "ref": "a"},
    {"type": "unsubscribe", "target": "agent", "id": "*", "ref": "a"},
    {
        "type": "control",
        "action": "pause",
        "workflow_id": "x",
        "request_id": "r",
        "mode": "now",
        "task": "",
        "answer": "",
        "why": "It rains.",
        "ref": "a",
    },
    {"type": "authenticate", "token": "x", "ref": "a"},
    {"type": "ping"},
    {"type": "pong"},
]


@st.composite
def one_field_wrong(draw: st.DrawFn) -> str:
    """A message of the protocol in which one field holds whatever."""
    message = draw(st.sampled_from(FITTING))
    field = draw(st.sampled_from(sorted(message)))
    return json.dumps({**message, field: draw(json_values)})


def nested(opening: str, depth: int) -> str:
    closing = "".join({"[": "]", "{": "}"}[character] for character in reversed(opening) if character in "[{")
    return f'{{"type":"subscribe","target":{opening * depth}1{closing * depth}}}'


deep = st.builds(nested, st.sampled_from(["[", '{"a":', '[{"a":']), st.integers(1, 9_000))
huge = st.integers(60_000, 70_000).map(lambda size: json.dumps({"type": "ping", "x": "y" * size}))
frames_of_all_kinds = st.lists(
    st.binary(max_size=200) | st.text() | likely.map(json.dumps) | one_field_wrong() | deep | huge, max_size=30
)


def test_the_fitting_messages_fit_and_are_all_that_there_are() -> None:
    decoded = [messages.decode(json.dumps(message)) for message in FITTING]
    assert tuple(map(type, decoded)) == messages.CLIENT_MESSAGES
    assert all(
        {*type(one).__struct_fields__, "type"} == {*message} for one, message in zip(decoded, FITTING, strict=True)
    )


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(frames=frames_of_all_kinds, is_known=st.booleans())
async def test_whatever_is_sent_the_connection_lives_or_is_closed_with_a_code_of_the_table(
    connect: Connect, olga: User, caplog: pytest.LogCaptureFixture, frames: list[str | bytes], is_known: bool
) -> None:
    client = await connect(olga if is_known else None)
    for frame in frames:
        await client.send_frame(frame)
    await client.send(type="ping")
    await client.send(type="subscribe", target="agent", id="*", ref="the last")
    try:
        while (answer := await client.receive()).get("ref") != "the last":
            assert answer["type"] in ("error", "pong", "subscribed", "unsubscribed", "control_ack")
        assert answer["type"] == ("subscribed" if is_known else "error")
    except ConnectionClosed:
        assert client.close_code in set(CloseCode)
    await client.disconnect()
    assert client.transport.consumer.cancelled() or client.transport.consumer.exception() is None
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_every_error_has_a_message() -> None:
    kinds = [ProtocolError]
    while kinds:
        kind = kinds.pop()
        assert kind().message
        kinds += kind.__subclasses__()
