"""One connection by itself: what is sent, in which order it ends, and what is counted and logged."""

import asyncio
import json
import logging
import time

import pytest

from realtime.config import read_config
from realtime.connection.authentication import Identity
from realtime.connection.client import Client, error_message
from realtime.metrics import counters
from realtime.wire.batch import Batch, Entry
from realtime.wire.errors import HeartbeatLost, RateLimitExceeded, ShuttingDown, TooSlow
from realtime.wire.messages import PongMessage
from tests.waiting import TIMEOUT_SECONDS
from tests.websocket_client import messages_in

ALICE = Identity(7, "alice", "laptop", issued_at=0.0, expires_at=900.0)


class SampleConnection:
    """A client, and what its connection was given: frames, then "close 4202 ShuttingDown", then "over"."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.is_free = asyncio.Event()
        self.is_free.set()
        self.is_over = asyncio.Event()
        self.close_failure: Exception | None = None
        self.client = Client(read_config(), self._send, self._close, self._over)
        self.client.outbox.open()

    async def _send(self, frame: str) -> None:
        await self.is_free.wait()
        self.given += [message.get("error_type") or message["type"] for message in messages_in(frame)]

    async def _close(self, code: int, reason: str) -> None:
        if self.close_failure:
            raise self.close_failure
        self.given.append(f"close {int(code)} {reason}")

    def _over(self) -> None:
        self.given.append("over")
        self.is_over.set()

    async def until_over(self) -> list[str]:
        """All that the connection was given until it was over."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await self.is_over.wait()
        return self.given


@pytest.fixture
async def connection() -> SampleConnection:
    return SampleConnection()


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def gone(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.getMessage() == "A client has gone."]


async def test_a_client_that_is_ended_gets_what_waits_then_the_error_then_the_close(
    connection: SampleConnection,
) -> None:
    connection.is_free.clear()
    connection.client.send(PongMessage())
    await turns()
    connection.client.send(PongMessage())
    connection.client.end(ShuttingDown())
    await turns()
    connection.client.send(PongMessage())  # too late
    connection.is_free.set()
    assert await connection.until_over() == ["pong", "pong", "ShuttingDown", "close 4202 ShuttingDown", "over"]


async def test_a_client_that_is_aborted_gets_nothing_but_the_close(connection: SampleConnection) -> None:
    connection.is_free.clear()
    connection.client.send(PongMessage())
    connection.client.abort(TooSlow())
    assert await connection.until_over() == ["close 4101 TooSlow", "over"]


async def test_only_the_first_reason_ends_a_client(connection: SampleConnection) -> None:
    refusals = counters.refusals.copy()
    connection.client.end(ShuttingDown())
    connection.client.end(HeartbeatLost())
    connection.client.abort(TooSlow())
    assert await connection.until_over() == ["ShuttingDown", "close 4202 ShuttingDown", "over"]
    assert counters.refusals - refusals == {"ShuttingDown": 1}
    aborted = SampleConnection()
    aborted.client.abort(TooSlow())
    aborted.client.end(ShuttingDown())
    assert await aborted.until_over() == ["close 4101 TooSlow", "over"]
    assert counters.refusals - refusals == {"ShuttingDown": 1, "TooSlow": 1}


async def test_an_outbox_that_overflows_aborts_its_client(connection: SampleConnection) -> None:
    connection.is_free.clear()
    connection.client.send(PongMessage())
    await turns()
    for _ in range(read_config().outbox_messages + 1):
        connection.client.send(PongMessage())
    assert await connection.until_over() == ["close 4101 TooSlow", "over"]


async def test_a_client_that_cannot_be_closed_is_logged_and_over_all_the_same(
    connection: SampleConnection, caplog: pytest.LogCaptureFixture
) -> None:
    connection.close_failure = RuntimeError("no such connection")
    connection.client.end(ShuttingDown())
    assert await connection.until_over() == ["ShuttingDown", "over"]
    assert "could not be closed" in caplog.text
    assert "no such connection" in caplog.text


async def test_a_client_that_is_closed_without_trouble_is_not_logged_as_trouble(
    connection: SampleConnection, caplog: pytest.LogCaptureFixture
) -> None:
    connection.client.end(ShuttingDown())
    await connection.until_over()
    assert "could not be closed" not in caplog.text


async def test_a_connection_that_ends_while_it_is_being_closed_is_over_without_a_close(
    connection: SampleConnection, caplog: pytest.LogCaptureFixture
) -> None:
    connection.is_free.clear()
    connection.client.send(PongMessage())
    connection.client.end(ShuttingDown())
    await turns()
    connection.client.closed()
    assert await connection.until_over() == ["over"]
    assert "could not be closed" not in caplog.text


async def test_a_refusal_is_sent_with_its_ref_and_the_connection_goes_on(connection: SampleConnection) -> None:
    counted = counters.refusals["RateLimitExceeded"]
    connection.client.refuse(RateLimitExceeded(retry_after=1.5), "r")
    connection.client.send(PongMessage())
    await turns()
    assert connection.given == ["RateLimitExceeded", "pong"]
    assert connection.client.disconnect_reason is None
    assert counters.refusals["RateLimitExceeded"] == counted + 1
    error = error_message(RateLimitExceeded("Wait.", retry_after=1.5), "r")
    assert (error.message, error.error_type, error.retryable) == ("Wait.", "RateLimitExceeded", True)
    assert (error.retry_after, error.ref) == (1.5, "r")


async def test_what_is_sent_together_is_counted_by_type_and_stays_in_order(connection: SampleConnection) -> None:
    counted = counters.messages_published.copy()
    connection.client.send(PongMessage(), error_message(TooSlow()), PongMessage())
    await turns()
    assert connection.given == ["pong", "TooSlow", "pong"]
    assert counters.messages_published - counted == {"pong": 2, "error": 1}


async def test_a_batch_of_a_room_goes_through_the_outbox(connection: SampleConnection) -> None:
    batch = Batch()
    batch.add(Entry((json.dumps({"type": "progress"}),)))
    connection.client.receive(batch)
    await turns()
    assert connection.given == ["progress"]


async def test_the_end_of_an_open_connection_is_counted_and_logged_with_its_facts(
    connection: SampleConnection, caplog: pytest.LogCaptureFixture
) -> None:
    opened, closed = counters.clients_opened, counters.clients_closed.copy()
    client = connection.client
    with caplog.at_level(logging.INFO):
        client.opened()
        client.identity = ALICE
        client.touch()
        client.touch()
        client.opened_at = time.monotonic() - 12.34
        client.client_close_code = 1001
        client.closed()
    assert counters.clients_opened == opened + 1
    assert counters.clients_closed - closed == {"1001": 1}
    [record] = gone(caplog)
    facts = vars(record)
    assert (facts["client"], facts["user"], facts["close_code"], facts["messages"]) == (client.id, 7, 1001, 2)
    assert 12.3 <= facts["seconds"] < 20
    assert facts["seconds"] == round(facts["seconds"], 1)


async def test_a_client_that_the_server_closed_is_counted_with_the_servers_code(connection: SampleConnection) -> None:
    closed = counters.clients_closed.copy()
    connection.client.opened()
    connection.client.client_close_code = 1000  # as it answers the close
    connection.client.end(ShuttingDown())
    await connection.until_over()
    connection.client.closed()
    assert counters.clients_closed - closed == {"4202": 1}


async def test_a_connection_that_was_never_open_is_not_counted(
    connection: SampleConnection, caplog: pytest.LogCaptureFixture
) -> None:
    closed = counters.clients_closed.copy()
    with caplog.at_level(logging.INFO):
        connection.client.closed()
    assert counters.clients_closed == closed
    assert gone(caplog) == []


async def test_the_end_of_a_connection_closes_all_that_it_awaits_and_its_outbox(connection: SampleConnection) -> None:
    client = connection.client

    class Pending:
        def close(self) -> None:
            client.pending_results.remove(self)

    client.pending_results += [Pending(), Pending(), Pending()]
    client.closed()
    client.send(PongMessage())
    await turns()
    assert client.pending_results == []
    assert connection.given == []


async def test_a_message_of_the_client_is_noted(connection: SampleConnection) -> None:
    client = connection.client
    client.last_received_at -= 100
    client.touch()
    assert client.messages_received == 1
    assert client.last_received_at == pytest.approx(time.monotonic(), abs=50)


def test_the_facts_of_a_stranger_name_no_user() -> None:
    async def facts() -> dict[str, object]:
        return SampleConnection().client.facts(seq=3)

    found = asyncio.run(facts())
    assert (found["user"], found["seq"]) == (None, 3)
