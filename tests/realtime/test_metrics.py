"""What /metrics shows of what really happened, who may read it, and that no client can fill it with labels."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx2
import pytest
from django.contrib.auth.models import User
from django.core.handlers.asgi import ASGIHandler
from django.test import AsyncClient
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from agents.models import UNHEALTHY_AFTER, Agent
from realtime.database import in_thread
from realtime.metrics import CLIENT_TYPES, CLOSE_CODES, MOST_LABELS, WAIT_BOUNDS, Counters, Peak
from tests.fixtures.connections import Connect
from tests.server import Server
from tests.tokens import token_of
from tests.waiting import TIMEOUT_SECONDS
from tests.websocket_client import InProcessClient, connected_client
from workflows.models import Workflow

Scrape = Callable[[], Awaitable["Figures"]]

ELSEWHERE = ("198.51.100.7", 4711)


class Figures(dict[str, float]):
    """The samples of one answer, by name and labels: 'callboard_watchers{target="agent"}'."""

    def __init__(self, text: str) -> None:
        samples = itertools.chain.from_iterable(family.samples for family in text_string_to_metric_families(text))
        super().__init__({_spelt(sample.name, sample.labels): sample.value for sample in samples})

    def since(self, earlier: "Figures") -> dict[str, float]:
        """By how much each has grown, where it has."""
        grown = {name: value - earlier.get(name, 0.0) for name, value in self.items()}
        return {name: growth for name, growth in grown.items() if growth}


def _spelt(name: str, labels: dict[str, str]) -> str:
    return name + ("{" + ",".join(f'{key}="{value}"' for key, value in labels.items()) + "}" if labels else "")


@pytest.fixture
def scrape(transactional_db: None) -> Scrape:
    """Asks as Prometheus does, from this machine."""

    async def scrape() -> Figures:
        answer = await AsyncClient().get("/metrics")
        assert answer.status_code == 200, answer.content
        return Figures(answer.content.decode())

    return scrape


# --- what it shows --------------------------------------------------------------------------------


async def test_who_is_here(
    connect: Connect, scrape: Scrape, alice: User, olga: User, sample_workflow: Workflow
) -> None:
    laptop, phone, operator, stranger = await connect(alice), await connect(alice), await connect(olga), await connect()
    for client in (laptop, phone, operator):
        await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    await operator.request(type="subscribe", target="agent", id="*")
    figures = await scrape()
    assert (figures["callboard_clients"], figures["callboard_users"], figures["callboard_rooms"]) == (4, 2, 2)
    assert figures['callboard_watchers{target="workflow"}'] == 3
    assert figures['callboard_watchers{target="agent"}'] == 1
    assert figures['callboard_watchers{target="coordinator"}'] == 0
    await stranger.disconnect()
    await phone.disconnect()
    assert (await scrape())["callboard_clients"] == 2


async def test_messages_of_clients_and_refusals_are_counted(connect: Connect, scrape: Scrape, alice: User) -> None:
    client = await connect(alice)
    before = await scrape()
    for text in ('{"type":"ping"}', '{"type":"applaud"}', "[]", '{"type":"subscribe","target":"coordinator"}'):
        await client.send_frame(text)
    await client.send_frame(b"\x00")
    await client.request(type="unsubscribe", target="coordinator")
    grown = (await scrape()).since(before)
    received = {name: value for name, value in grown.items() if name.startswith("callboard_messages_received_total")}
    assert received == {
        'callboard_messages_received_total{type="ping"}': 1,
        'callboard_messages_received_total{type="unknown"}': 1,
        'callboard_messages_received_total{type="invalid"}': 2,
        'callboard_messages_received_total{type="subscribe"}': 1,
        'callboard_messages_received_total{type="unsubscribe"}': 1,
    }
    assert grown['callboard_refusals_total{error_type="InvalidMessage"}'] == 2
    assert grown['callboard_refusals_total{error_type="PermissionDenied"}'] == 1


async def test_every_delivery_is_counted_and_every_event_once(
    connect: Connect, scrape: Scrape, alice: User, sample_workflow: Workflow, run: Callable[..., int]
) -> None:
    before = await scrape()
    clients = [await connect(token=token_of(alice)) for _ in range(3)]
    for client in clients:
        await client.send(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    received = [await count_until(client, type="subscribed") for client in clients]
    await in_thread(run)
    received += [await count_until(client, kind="workflow_completed") for client in clients]
    for client in clients:
        await client.send(type="unsubscribe", target="workflow", id=str(sample_workflow.pk))
    received += [await count_until(client, type="unsubscribed") for client in clients]
    grown = (await scrape()).since(before)
    assert grown["callboard_deliveries_total"] == sum(received)
    assert grown["callboard_writes_total"] <= sum(client.frames for client in clients)
    assert grown["callboard_sent_characters_total"] > sum(received)
    assert grown['callboard_messages_published_total{type="event"}'] == await in_thread(sample_workflow.events.count)
    assert grown['callboard_messages_published_total{type="welcome"}'] == 3


async def test_what_is_published_is_timed_until_it_is_written(
    connect: Connect, scrape: Scrape, alice: User, sample_workflow: Workflow, run: Callable[..., int]
) -> None:
    client = await connect(alice)
    await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    before = await scrape()
    await in_thread(run)
    await client.receive_until("event", kind="workflow_completed")
    grown = (await scrape()).since(before)
    writes = grown["callboard_publish_to_write_seconds_count"]
    assert writes >= 1
    assert grown['callboard_publish_to_write_seconds_bucket{le="+Inf"}'] == writes
    assert 0 < grown["callboard_publish_to_write_seconds_sum"] < 10 * writes


async def test_what_holds_up_the_event_loop_is_seen(
    connect: Connect, scrape: Scrape, settings: Settings, alice: User
) -> None:
    settings.REALTIME = {**settings.REALTIME, "TICK_SECONDS": 0.02}
    await connect(alice)
    time.sleep(0.4)  # noqa: ASYNC251 - on purpose: nothing else can happen meanwhile
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while (await scrape())["callboard_event_loop_lag_peak_seconds"] <= 0.3:  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(("code", "label"), [(1000, "1000"), (1001, "1001"), (3333, "other"), (4999, "other")])
async def test_how_clients_leave(connect: Connect, scrape: Scrape, alice: User, code: int, label: str) -> None:
    client = await connect(alice)
    before = await scrape()
    await client.transport.communicator.disconnect(code=code)
    grown = (await scrape()).since(before)
    assert grown["callboard_clients"] == -1
    assert {name for name in grown if "closed" in name} == {f'callboard_connections_closed_total{{code="{label}"}}'}


async def test_why_the_server_closes(connect: Connect, scrape: Scrape, transactional_db: None) -> None:
    before = await scrape()
    client = await connect(token="nonsense")
    assert await client.receive_close() == 4001
    await client.disconnect()
    grown = (await scrape()).since(before)
    assert grown["callboard_connections_opened_total"] == 1
    assert grown['callboard_connections_closed_total{code="4001"}'] == 1
    assert grown['callboard_refusals_total{error_type="NotAuthenticated"}'] == 1


async def test_a_page_of_another_origin_is_counted(connect: Connect, scrape: Scrape, alice: User) -> None:
    before = await scrape()
    client = await connect(token=token_of(alice), headers={"origin": "https://evil.example", "host": "localhost"})
    assert await client.receive_close() == 4003
    assert (await scrape()).since(before)['callboard_refusals_total{error_type="ForbiddenOrigin"}'] == 1


async def test_how_agents_and_workflows_are(scrape: Scrape, sample_workflow: Workflow) -> None:
    before = await scrape()
    assert before['callboard_workflows{state="pending"}'] == 1
    assert before['callboard_workflows{state="failed"}'] == 0
    assert before["callboard_database_up"] == 1
    await in_thread(Agent.objects.filter(name="clerk").update, consecutive_errors=UNHEALTHY_AFTER)
    broken = await scrape()
    assert broken['callboard_agents{status="error"}'] == 1
    assert broken["callboard_unhealthy_agents"] == before["callboard_unhealthy_agents"] + 1
    await in_thread(Agent.objects.filter(name="clerk").update, is_enabled=False)
    switched_off = await scrape()
    assert switched_off['callboard_agents{status="error"}'] == 0
    assert switched_off["callboard_unhealthy_agents"] == before["callboard_unhealthy_agents"]
    assert switched_off["callboard_agents_out_of_service"] == before["callboard_agents_out_of_service"] + 1


async def test_without_its_database_it_still_shows_what_it_knows(
    scrape: Scrape, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Agent._meta, "db_table", "a_table_that_is_not_there")
        figures = await scrape()
    assert figures["callboard_database_up"] == 0
    assert "callboard_clients" in figures
    assert not any(name.startswith("callboard_agents") for name in figures)


async def test_how_the_process_is(scrape: Scrape) -> None:
    figures = await scrape()
    assert figures["process_resident_memory_bytes"] > 1024 * 1024
    assert figures["process_cpu_seconds_total"] > 0
    assert figures["process_start_time_seconds"] > 1_600_000_000


async def test_it_speaks_openmetrics_to_who_asks_for_it(transactional_db: None) -> None:
    answer = await AsyncClient().get("/metrics", headers={"accept": "application/openmetrics-text;version=1.0.0"})
    assert answer["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
    assert answer.content.endswith(b"# EOF\n")


async def count_until(client: InProcessClient, **fields: str) -> int:
    """How many messages came, up to and with the one that has these fields."""
    for count in itertools.count(1):
        message = await client.receive()
        if all(message.get(name) == value for name, value in fields.items()):
            return count + len(client.pings)
    raise AssertionError


# --- counting -------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.text(), st.integers(-1, 70_000)), max_size=300))
def test_nothing_that_a_client_sends_becomes_a_label(messages: list[tuple[str, int]]) -> None:
    counters = Counters()
    for text, code in messages:
        counters.received(text)
        counters.closed(code)
    assert counters.messages_received.keys() <= {*CLIENT_TYPES, "unknown"}
    assert counters.clients_closed.keys() <= {*map(str, map(int, CLOSE_CODES)), "other"}
    assert counters.messages_received.total() == counters.clients_closed.total() == len(messages)


def test_there_is_an_end_to_the_kinds_of_refusals() -> None:
    counters = Counters()
    for number in range(10 * MOST_LABELS):
        counters.refused(f"Refusal{number}")
    assert len(counters.refusals) == MOST_LABELS + 1
    assert counters.refusals["other"] == 9 * MOST_LABELS


@pytest.mark.parametrize(
    ("seconds", "place"),
    [(-3.0, 0), (0.0, 0), (0.0005, 0), (0.0006, 1), (0.1, 7), (10.0, len(WAIT_BOUNDS) - 1), (11.0, len(WAIT_BOUNDS))],
)
def test_a_wait_counts_at_the_first_bound_that_is_not_below_it(seconds: float, place: int) -> None:
    counters = Counters()
    counters.waited(seconds)
    assert counters.waits.index(1) == place
    assert sum(counters.waits) == 1
    assert counters.wait_seconds == max(seconds, 0.0)


def test_a_peak_is_shown_for_a_minute_to_everyone_and_then_forgotten() -> None:
    now = 0.0
    peak = Peak(lambda: now)
    peak.highest = 700
    assert (peak.read(), peak.read()) == (700, 700)
    now = 61.0
    assert peak.read() == 700
    peak.highest = 3
    now = 100.0
    assert peak.read() == 700
    now = 122.0
    assert peak.read() == 700
    now = 130.0
    assert peak.read() == 3
    now = 200.0
    assert (peak.read(), peak.read()) == (3, 0)


def test_the_highest_outbox_is_kept() -> None:
    counters = Counters()
    for messages, characters in ((3, 900), (700, 40), (5, 5)):
        counters.waiting(messages, characters)
    assert (counters.waiting_messages.read(), counters.waiting_characters.read()) == (700, 900)


def scraped(server: Server) -> Figures:
    answer = httpx2.get(f"{server.url}/metrics", trust_env=False, timeout=TIMEOUT_SECONDS)
    return Figures(answer.raise_for_status().text)


# --- who may read it ------------------------------------------------------------------------------


async def ask(headers: dict[str, str] | None = None, peer: tuple[str, int] | None = ELSEWHERE) -> httpx2.Response:
    transport = httpx2.ASGITransport(ASGIHandler(), client=peer)  # type: ignore[arg-type]
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.get("/metrics", headers=headers)


async def ask_with_token(token: str) -> httpx2.Response:
    return await ask({"authorization": f"Bearer {token}"})


async def test_a_direct_request_from_this_machine_is_allowed(transactional_db: None) -> None:
    for address in ("127.0.0.1", "127.1.2.3", "::1"):
        assert (await ask(peer=(address, 4711))).status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
async def test_a_request_through_a_proxy_is_not_from_this_machine(transactional_db: None, header: str) -> None:
    assert (await ask({header: "127.0.0.1"}, peer=("127.0.0.1", 4711))).status_code == 401


async def test_who_has_no_address_is_not_from_this_machine(transactional_db: None) -> None:
    assert (await ask(peer=None)).status_code == 401


async def test_a_refusal_describes_what_to_do(transactional_db: None) -> None:
    for headers in ({}, {"authorization": "Basic YTpi"}, {"authorization": "Bearer "}, {"authorization": "Bearer x"}):
        answer = await ask(headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        error = answer.json()["error"]
        assert (error["type"], error["retryable"]) == ("NotAuthenticated", False)
        assert "METRICS_TOKEN" in error["message"]
        assert b"callboard_" not in answer.content


async def test_the_token_of_the_settings_opens_it(transactional_db: None, settings: Settings) -> None:
    settings.METRICS_TOKEN = "a long secret for Prometheus"
    assert (await ask_with_token("a long secret for Prometheus")).status_code == 200
    assert (await ask_with_token("a long secret")).status_code == 401
    settings.METRICS_TOKEN = ""
    assert (await ask_with_token("a long secret for Prometheus")).status_code == 401


async def test_users_need_the_permission_to_view_agents(transactional_db: None, alice: User, olga: User) -> None:
    assert (await ask_with_token(token_of(olga))).status_code == 200
    refused = await ask_with_token(token_of(alice))
    assert refused.status_code == 403
    assert refused.json()["error"]["type"] == "PermissionDenied"
    assert (await ask_with_token(token_of(olga, seconds=-1))).status_code == 401


async def test_behind_tls_prometheus_on_this_machine_needs_none(transactional_db: None, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    for path in ("/metrics", "/healthz", "/readyz"):
        assert (await AsyncClient().get(path)).status_code != 301
    assert (await AsyncClient().get("/api/agents/")).status_code == 301


def test_a_refused_poll_is_counted(server: Server) -> None:
    before = scraped(server)
    refused = httpx2.get(f"{server.url}/api/workflows/{uuid4()}/events/", trust_env=False, timeout=TIMEOUT_SECONDS)
    assert refused.status_code == 401
    assert scraped(server).since(before)['callboard_refusals_total{error_type="NotAuthenticated"}'] == 1


@pytest.mark.covers("http_get_metrics")
async def test_the_metrics_of_a_real_server_show_a_real_connection(server: Server) -> None:
    async with connected_client(server, token=server.token("alice")) as client:
        await client.receive_until("welcome")
        assert scraped(server)["callboard_clients"] >= 1
    refused = httpx2.get(f"{server.url}/metrics", headers={"X-Forwarded-For": "198.51.100.7"}, trust_env=False)
    assert refused.status_code == 401
