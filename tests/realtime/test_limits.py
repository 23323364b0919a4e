"""How many connections one may hold, and how much one may ask."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from accounts.addresses import address_key
from realtime import server
from realtime.connection.limits import ConnectionSlots, MessageLimit, MinuteBucket, UserRateLimits
from realtime.wire.errors import (
    ConnectionLimitExceeded,
    Disconnect,
    RateLimitExceeded,
    ShuttingDown,
    TooManyRefusals,
)
from tests.fixtures.clock import Clock
from tests.fixtures.connections import Connect
from tests.tokens import token_of
from tests.websocket_client import InProcessClient


@dataclass(eq=False)
class Connection:
    """Holds a slot."""

    disconnect_reason: Disconnect | None = None


@pytest.fixture
def narrow(settings: Settings) -> None:
    """Two connections for each user, two for each address."""
    settings.REALTIME = {**settings.REALTIME, "CONNECTIONS_PER_USER": 2, "CONNECTIONS_PER_ADDRESS": 2}


async def assert_refused(client: InProcessClient) -> None:
    error = await client.receive_until("error")
    assert (error["error_type"], error["retryable"], error["retry_after"]) == ("ConnectionLimitExceeded", True, 10)
    assert await client.receive_close() == 4129


@pytest.mark.covers("close_4129_connection_limit_exceeded", "limit_connections_per_user")
async def test_one_user_has_a_limited_number_of_connections(
    connect: Connect, alice: User, bob: User, narrow: None
) -> None:
    first, _ = await connect(alice), await connect(alice)
    await assert_refused(await connect(alice, receive_welcome=False))
    await connect(bob)
    await first.disconnect()
    await connect(alice)


async def test_one_at_the_limit_renews_in_place_and_connects_again(connect: Connect, alice: User, narrow: None) -> None:
    first, second = await connect(alice), await connect(alice)
    assert (await first.request(type="authenticate", token=token_of(alice)))["type"] == "authenticated"
    await second.send_frame("x" * 70_000)  # its connection ends, and it comes again
    assert await second.receive_close() == 1009
    await connect(alice)
    await assert_refused(await connect(alice, receive_welcome=False))


@pytest.mark.covers("close_4129_connection_limit_exceeded", "limit_connections_per_address")
async def test_one_address_has_a_limited_number_of_connections(connect: Connect, alice: User, narrow: None) -> None:
    stranger, _ = await connect(address="203.0.113.1"), await connect(address="203.0.113.1")
    await assert_refused(await connect(address="203.0.113.1"))
    await connect(alice, address="203.0.113.1")  # who brings a token does not wait at the door
    await connect(address="203.0.113.2")
    await stranger.send(type="authenticate", token=token_of(alice))
    assert (await stranger.receive())["type"] == "welcome"
    assert await (await connect(address="203.0.113.1")).receives_nothing()


async def test_strangers_through_a_unix_socket_have_no_address_to_count(
    connect: Connect, db: None, narrow: None
) -> None:
    assert all([await (await connect()).receives_nothing() for _ in range(4)])


async def test_nothing_is_left_of_those_who_are_gone(connect: Connect, alice: User) -> None:
    clients = [
        await connect(alice),
        await connect(address="203.0.113.1"),
        await connect(token="nonsense", address="2001:db8::1"),
    ]
    for client in clients:
        await client.disconnect()
    assert (len(server.current().user_slots), len(server.current().address_slots)) == (0, 0)


def test_a_connection_that_has_ended_holds_no_slot_while_it_is_closing() -> None:
    slots = ConnectionSlots(1, 10)
    old = Connection()
    slots.take("alice", old)
    with pytest.raises(ConnectionLimitExceeded):
        slots.take("alice", Connection())
    old.disconnect_reason = ShuttingDown()
    slots.take("alice", new := Connection())
    slots.leave("alice", old)
    assert slots.held("alice") == 1
    slots.leave("alice", new)
    slots.leave("bob", new)
    assert len(slots) == 0


def test_users_have_a_bucket_each_which_is_forgotten_when_it_is_full_again(clock: Clock) -> None:
    buckets = UserRateLimits(2)
    for user_id in (1, 1, 2):
        buckets.count(user_id)
    with pytest.raises(RateLimitExceeded) as refusal:
        buckets.count(1)
    assert refusal.value.retry_after == 30
    clock.pass_time(30)
    buckets.count(1)
    assert len(buckets) == 2
    clock.pass_time(31)
    buckets.count(3)
    assert len(buckets) == 2  # Bob has not asked for a minute
    clock.pass_time(60)
    buckets.count(3)
    assert len(buckets) == 1


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.1", "203.0.113.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.1", "203.0.113.1"),
        ("somewhere", "somewhere"),
        ("", ""),
    ],
)
def test_one_subscriber_is_counted_once(host: str, counted: str) -> None:
    assert address_key(host) == counted


def refusal_of(take: Callable[[], None]) -> RateLimitExceeded:
    with pytest.raises(RateLimitExceeded) as refusal:
        take()
    return refusal.value


def test_a_bucket_gives_its_tokens_at_once_and_then_one_by_one(clock: Clock) -> None:
    bucket = MinuteBucket(7)
    for _ in range(7):
        bucket.count()
    refusal = refusal_of(bucket.count)
    assert refusal.message.startswith("More than 7 messages a minute")
    assert refusal.retry_after == 8.6  # 60 / 7, rounded up to a tenth
    clock.pass_time(8.6)
    bucket.count()
    assert refusal_of(bucket.count).retry_after == 8.6


def test_a_bucket_holds_no_more_than_a_minute_of_tokens(clock: Clock) -> None:
    bucket = MinuteBucket(2)
    clock.pass_time(600)
    bucket.count()
    bucket.count()
    refusal_of(bucket.count)


def test_a_bucket_is_full_when_it_was_not_touched_for_a_minute(clock: Clock) -> None:
    bucket = MinuteBucket(2)
    bucket.count()
    clock.pass_time(59.5)
    assert not bucket.is_as_new()
    clock.pass_time(0.5)
    assert bucket.is_as_new()
    clock.pass_time(100)
    assert bucket.is_as_new()


def test_requests_are_paced_when_a_tenth_of_the_bucket_is_used_up(clock: Clock) -> None:
    limits = UserRateLimits(100)
    assert limits.pace_seconds(1) == 0.0
    for _ in range(5):
        limits.count(1)
    assert limits.pace_seconds(1) == 0.0
    for _ in range(7):
        limits.count(1)
    assert limits.pace_seconds(1) == pytest.approx(2 * 0.6)
    clock.pass_time(1.2)
    assert limits.pace_seconds(1) == pytest.approx(0.0, abs=1e-6)


def count_until_refused(limit: MessageLimit) -> None:
    """Counts messages until one is refused."""
    for _ in range(100):
        limit.count()


def test_too_many_refusals_within_a_minute_end_the_connection(clock: Clock) -> None:
    limit = MessageLimit(2, refusals=3)
    for _ in range(2):
        with pytest.raises(RateLimitExceeded):
            count_until_refused(limit)
        clock.pass_time(30)
    # The first refusal was a minute ago.
    with pytest.raises(TooManyRefusals):
        count_until_refused(limit)


def test_refusals_that_are_spread_over_more_than_a_minute_do_not(clock: Clock) -> None:
    limit = MessageLimit(2, refusals=3)
    for _ in range(10):
        with pytest.raises(RateLimitExceeded):
            count_until_refused(limit)
        clock.pass_time(30.5)


def test_a_user_has_as_many_connections_as_the_limit_and_no_more() -> None:
    slots = ConnectionSlots(2, retry_after=10)
    first = Connection()
    slots.take("alice", first)
    slots.take("alice", Connection())
    with pytest.raises(ConnectionLimitExceeded) as refusal:
        slots.take("alice", Connection())
    assert refusal.value.message.startswith("2 connections")
    assert refusal.value.retry_after == 10
    slots.take("bob", Connection())
    first.disconnect_reason = ShuttingDown()
    slots.take("alice", Connection())
    first.disconnect_reason = None  # one too many now
    with pytest.raises(ConnectionLimitExceeded):
        slots.take("alice", Connection())


async def test_renewals_in_place_have_a_limit_of_their_own(connect: Connect, alice: User) -> None:
    client = await connect(alice)
    token = token_of(alice)
    for _ in range(20):
        assert (await client.request(type="authenticate", token=token))["type"] == "authenticated"
    await client.send(type="authenticate", token=token)
    assert (await client.receive_until("error"))["error_type"] == "RateLimitExceeded"
    assert await client.receive_types_until_pong() == ["pong"]  # everything else goes on
