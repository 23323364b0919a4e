"""Remote agents are looked after: who does not answer is offline with the reason, and back when it is heard again."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agents import registry
from agents.models import Agent
from agents.remote.health import check_agents
from agents.remote.registration import register
from tests.agents import jobs
from tests.agents.remote import peer as peers
from tests.agents.remote.peer import CARD_PATH, Call, Peer

pytestmark = pytest.mark.django_db(transaction=True)


def check(seconds_later: float = 31) -> Agent:
    """A round of checks, so much later; the agent after it."""
    for row in Agent.objects.filter(kind="a2a"):
        for column in ("card_checked_at", "last_seen_at"):
            at = getattr(row, column)
            Agent.objects.filter(pk=row.pk).update(**{column: at and at - timedelta(seconds=seconds_later)})
    asyncio.run(check_agents())
    return Agent.objects.get(name="painter")


@pytest.fixture
def row(peer: Peer) -> Agent:
    """The peer is registered."""
    return register(url=peer.url)


def test_an_agent_that_answers_is_heard(row: Agent) -> None:
    seen = check()
    assert seen.last_seen_at
    assert row.last_seen_at
    assert seen.last_seen_at > row.last_seen_at
    assert (seen.status, seen.problem, seen.version) == ("idle", "", row.version)


def test_an_agent_is_read_every_thirty_seconds(peer: Peer, row: Agent) -> None:
    before = len(peer.calls)
    check(seconds_later=29)
    assert len(peer.calls) == before
    check(seconds_later=2)
    assert len(peer.calls) == before + 1


def test_an_agent_that_does_not_answer_for_75_seconds_is_offline_and_back_when_heard(peer: Peer, row: Agent) -> None:
    peer.stop()
    seen = check(seconds_later=31)
    assert (seen.status, seen.problem) == ("idle", "It cannot be reached.")
    assert check(seconds_later=31).status == "idle"
    assert check(seconds_later=16).status == "offline"
    assert "It cannot be reached." in registry.unavailable({})["paint"].text
    peer.start()
    seen = check(seconds_later=16)
    assert (seen.status, seen.problem) == ("idle", "")


def test_an_agent_that_is_out_of_reach_is_asked_twice_as_often(peer: Peer, row: Agent) -> None:
    peer.on(f"GET {CARD_PATH}", peers.raw(b"", status=503))
    before = len(peer.calls)
    check(seconds_later=31)
    check(seconds_later=16)
    assert len(peer.calls) == before + 2


@pytest.mark.parametrize(
    ("body", "why"),
    [(b"<html>", "is no agent card"), (b'{"name": "x"}', "offers no interface of A2A 1.0")],
)
def test_an_agent_with_a_card_that_cannot_be_used_is_offline_with_the_reason(
    peer: Peer, row: Agent, body: bytes, why: str
) -> None:
    peer.on(f"GET {CARD_PATH}", peers.raw(body))
    seen = check(seconds_later=76)
    assert seen.status == "offline"
    assert why in seen.problem


def test_a_card_that_has_changed_is_taken_over_by_every_process(peer: Peer, row: Agent) -> None:
    registry.refresh()
    old = registry.get("painter")
    peer.card["skills"].append({"id": "varnish", "name": "Varnish", "description": "Shines.", "tags": []})
    seen = check()
    registry.refresh()
    assert seen.version == row.version + 1
    assert [skill["id"] for skill in seen.skills] == ["paint", "varnish"]
    assert registry.get("painter") is not old
    assert registry.get("painter").skill("varnish").description == "Shines."


def test_a_card_that_says_the_same_in_other_words_is_no_news(peer: Peer, row: Agent) -> None:
    peer.card["generatedAt"] = "2026-11-27T20:00:00Z"
    assert check().version == row.version


def test_of_several_processes_one_asks(peer: Peer, row: Agent) -> None:
    before = len(peer.calls)
    Agent.objects.update(card_checked_at=timezone.now() - timedelta(seconds=31))

    async def together() -> None:
        await asyncio.gather(*(check_agents() for _ in range(5)))

    asyncio.run(together())
    assert len(peer.calls) == before + 1


def test_an_agent_that_hangs_holds_up_no_other(peer: Peer, row: Agent) -> None:
    with peers.running() as other:
        register(url=other.url, name="other")
        heard: list[str] = []

        async def waits(call: Call) -> None:
            await other.wait_for(f"GET {CARD_PATH}")
            heard.append("painter")
            await peers.raw(b"", status=503)(call)

        peer.on(f"GET {CARD_PATH}", waits)
        check()
    assert heard == ["painter"]


def test_a_check_that_was_overtaken_by_a_new_registration_is_dropped(peer: Peer, row: Agent) -> None:
    def register_anew() -> None:
        Agent.objects.filter(pk=row.pk).update(version=row.version + 1, problem="", is_reachable=True)

    async def meanwhile(call: Call) -> None:
        await asyncio.to_thread(register_anew)
        await peers.raw(b"<html>")(call)

    peer.on(f"GET {CARD_PATH}", meanwhile)
    assert check(seconds_later=76).status == "idle"


def test_who_watches_is_told_when_an_agent_goes_and_comes(
    peer: Peer, row: Agent, announced: list[dict[str, Any]]
) -> None:
    peer.stop()
    check(seconds_later=76)
    peer.start()
    check(seconds_later=16)
    assert [body["status"] for body in announced if body["agent_name"] == "painter"] == ["offline", "idle"]


def test_failing_jobs_do_not_count_as_a_sign_of_life(peer: Peer, row: Agent) -> None:
    peer.stop()
    Agent.objects.update(last_seen_at=timezone.now() - timedelta(seconds=60))
    jobs.start("painter")
    jobs.finish("painter", 1.0, "It cannot be reached.")
    assert check(seconds_later=31).status == "offline"
