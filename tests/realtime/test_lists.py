"""The room of the list of workflows: its first page, then each row that is new or has changed, and what was deleted."""

import asyncio
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from pytest_django import Settings

from realtime import server
from realtime.database import in_thread
from realtime.fanout import lists
from realtime.fanout.lists import Hints
from tests.fixtures.connections import Connect
from tests.fixtures.workflows import Run
from tests.websocket_client import InProcessClient
from tests.workflows.sample_pipeline import SampleAgent
from workflows import coordinator, deletion, listing
from workflows.models import Workflow

Json = dict[str, Any]


def new_workflow(owner: User, text: str = "hello there") -> str:
    return str(coordinator.create(pipeline="telegram", given={"text": text}, owner=owner).pk)


async def watch(connect: Connect, user: User) -> InProcessClient:
    client = await connect(user)
    assert (await client.request(type="subscribe", target="workflows"))["type"] == "subscribed"
    return client


async def rows_until(client: InProcessClient, **fields: Any) -> list[Json]:
    """The rows that come, up to one with these fields."""
    rows: list[Json] = []
    while not (rows and fields.items() <= rows[-1].items()):
        rows.append((await client.receive_until("workflow_listed"))["workflow"])
    return rows


@pytest.mark.covers("route_workflows")
async def test_the_snapshot_is_the_first_page_that_http_gives(
    connect: Connect, alice: User, sample_workflow: Workflow
) -> None:
    client = await connect(alice, path="/ws/workflows")
    answer = await client.receive_until("subscribed")
    assert (answer["target"], answer["id"]) == ("workflows", "")
    assert answer["snapshot"] == await in_thread(listing.first_page, alice)
    assert [row["id"] for row in answer["snapshot"]["results"]] == [str(sample_workflow.pk)]


@pytest.mark.covers("receive_workflow_listed")
async def test_a_new_workflow_appears_and_is_followed_to_its_end(
    connect: Connect, alice: User, sample_agent: SampleAgent, run: Run
) -> None:
    client = await watch(connect, alice)
    workflow_id = await in_thread(new_workflow, alice)
    assert (await rows_until(client, id=workflow_id))[-1]["title"] == "hello there"
    await asyncio.to_thread(run)
    rows = await rows_until(client, state="completed")
    assert rows[-1] == (await in_thread(listing.first_page, alice))["results"][0]
    assert [row["seq"] for row in rows] == sorted(row["seq"] for row in rows)


async def test_a_maker_gets_their_own_rows_and_who_sees_all_gets_all(
    connect: Connect, alice: User, bob: User, olga: User, sample_agent: SampleAgent
) -> None:
    watchers = {user.username: await watch(connect, user) for user in (alice, bob, olga)}
    first, second = await in_thread(new_workflow, alice), await in_thread(new_workflow, bob)
    assert {row["id"] for row in await rows_until(watchers["bob"], owner="bob")} == {second}
    seen: set[str] = set()
    while seen != {first, second}:
        seen.add((await watchers["olga"].receive_until("workflow_listed"))["workflow"]["id"])
    assert {row["id"] for row in await rows_until(watchers["alice"], owner="alice")} == {first}
    await watchers["alice"].receive_types_until_pong()  # a row may come twice
    listed = [message["workflow"] for message in watchers["alice"].received if message["type"] == "workflow_listed"]
    assert {row["owner"] for row in listed} == {"alice"}


@pytest.mark.covers("receive_workflow_unlisted")
async def test_a_deleted_workflow_leaves_the_lists_and_is_gone_for_who_watches_it(
    connect: Connect, alice: User, bob: User, olga: User, sample_workflow: Workflow
) -> None:
    await in_thread(coordinator.control, workflow=sample_workflow, by=alice, action="cancel")
    workflow_id = str(sample_workflow.pk)
    lists_of = [await watch(connect, user) for user in (alice, olga)]
    page = await connect(alice)
    await page.request(type="subscribe", target="workflow", id=workflow_id)
    stranger = await watch(connect, bob)
    await in_thread(deletion.delete, workflow=sample_workflow, by=alice)
    for client in (*lists_of, page):
        assert (await client.receive_until("workflow_unlisted"))["workflow_id"] == workflow_id
    assert await stranger.receives_nothing()


async def test_a_row_that_was_read_before_a_deletion_does_not_bring_the_workflow_back(
    connect: Connect, alice: User, sample_workflow: Workflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    await in_thread(coordinator.control, workflow=sample_workflow, by=alice, action="cancel")
    client = await watch(connect, alice)
    read = listing.rows

    def read_and_delete(workflow_ids: list[str], owners: list[int] | None) -> list[tuple[int, Json]]:
        rows = read(workflow_ids, owners)
        if str(sample_workflow.pk) in workflow_ids:
            deletion.delete(workflow=sample_workflow, by=alice)
        return rows

    monkeypatch.setattr(listing, "rows", read_and_delete)
    server.current().lists.changed(str(sample_workflow.pk))
    assert (await client.receive_until("workflow_unlisted"))["workflow_id"] == str(sample_workflow.pk)
    other = await in_thread(new_workflow, alice)
    assert [row["id"] for row in await rows_until(client, id=other)] == [other]


async def test_many_changes_make_few_rows_and_the_last_one_is_the_newest(
    connect: Connect, alice: User, sample_agent: SampleAgent, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await watch(connect, alice)
    workflow_id = await in_thread(new_workflow, alice, "a b c d e f g h i j k l m n o p q r s t u v w x y z")
    await asyncio.to_thread(run)
    rows = await rows_until(client, state="completed")
    events = (await in_thread(Workflow.objects.get, pk=workflow_id)).last_seq
    assert rows[-1]["seq"] == events
    assert len(rows) < events / 2


async def test_what_follows_a_hint_that_came_just_before_the_rows_were_read_is_not_missed(
    connect: Connect, alice: User, sample_workflow: Workflow, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.REALTIME = {**settings.REALTIME, "HEARTBEAT_SECONDS": 3600}  # which would find it
    client = await watch(connect, alice)
    workflow_id, read, reads = str(sample_workflow.pk), listing.rows, []

    def read_and_change(workflow_ids: list[str], owners: list[int] | None) -> list[tuple[int, Json]]:
        rows = read(workflow_ids, owners)
        reads.append(workflow_ids)
        if len(reads) == 1:  # the second hint stands for this
            Workflow.objects.filter(pk=workflow_id).update(title="Changed after it was read")
        return rows

    monkeypatch.setattr(listing, "rows", read_and_change)
    current = server.current()
    current.lists.changed(workflow_id)
    current.hub.loop.call_later(lists.HINT_SECONDS, current.lists.changed, workflow_id)
    await rows_until(client, title="Changed after it was read")


async def test_rows_are_read_only_while_somebody_watches_a_list(
    connect: Connect, alice: User, sample_agent: SampleAgent, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    read = listing.rows

    def reading(workflow_ids: list[str], owners: list[int] | None) -> list[tuple[int, Json]]:
        asked.extend(workflow_ids)
        return read(workflow_ids, owners)

    monkeypatch.setattr(listing, "rows", reading)
    unwatched = await in_thread(new_workflow, alice)
    page = await connect(alice)
    await page.request(type="subscribe", target="workflow", id=unwatched)
    await asyncio.to_thread(run)
    await page.receive_until("event", kind="workflow_completed")
    client = await watch(connect, alice)
    watched = await in_thread(new_workflow, alice)
    await rows_until(client, id=watched)
    assert set(asked) == {watched}


async def test_a_client_leaves_the_list_and_it_counts_as_one_room(
    connect: Connect, olga: User, sample_agent: SampleAgent, settings: Settings
) -> None:
    settings.REALTIME = {**settings.REALTIME, "SUBSCRIPTIONS": 1}
    client = await watch(connect, olga)
    assert (await client.request(type="subscribe", target="workflows"))["type"] == "subscribed"
    assert (await client.request(type="subscribe", target="coordinator"))["error_type"] == "SubscriptionLimitExceeded"
    answer = await client.request(type="unsubscribe", target="workflows")
    assert (answer["type"], answer["target"], answer["id"]) == ("unsubscribed", "workflows", "")
    assert (await client.request(type="subscribe", target="coordinator"))["type"] == "subscribed"
    assert "workflows" not in {room.target for room in server.current().hub.rooms()}


async def test_who_loses_the_permission_to_see_all_is_put_out_and_may_watch_their_own(
    connect: Connect, alice: User, olga: User, sample_workflow: Workflow, fast_timers: None
) -> None:
    client = await watch(connect, olga)
    await in_thread(olga.user_permissions.filter(codename="view_workflow").delete)
    left = await client.receive_until("unsubscribed")
    assert (left["target"], left["id"]) == ("workflows", "")
    assert (await client.receive_until("error"))["error_type"] == "PermissionDenied"
    assert (await client.request(type="subscribe", target="workflows"))["snapshot"]["results"] == []


async def test_who_gains_the_permission_to_see_all_sees_all_after_subscribing_again(
    connect: Connect, alice: User, bob: User, sample_workflow: Workflow
) -> None:
    client = await watch(connect, bob)
    await in_thread(bob.user_permissions.add, await in_thread(Permission.objects.get, codename="view_workflow"))
    answer = await client.request(type="subscribe", target="workflows")
    assert [row["owner"] for row in answer["snapshot"]["results"]] == ["alice"]
    await in_thread(new_workflow, alice)
    rows = await rows_until(client, owner="alice")
    own = await in_thread(new_workflow, bob)
    rows += await rows_until(client, owner="bob")
    assert [row["id"] for row in rows].count(own) == 1


async def test_what_a_lost_hint_would_have_told_is_found_by_the_heartbeat(
    connect: Connect, alice: User, sample_agent: SampleAgent
) -> None:
    client = await watch(connect, alice)
    workflow_id = await in_thread(new_workflow, alice)
    await rows_until(client, id=workflow_id)
    await in_thread(Workflow.objects.filter(pk=workflow_id).update, title="Changed unheard")
    await server.current().lists.renew()
    await rows_until(client, title="Changed unheard")


def test_a_hint_stands_for_what_follows_at_once_and_each_workflow_has_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr("realtime.fanout.lists.time.monotonic", lambda: now[0])
    hints = Hints()
    assert [hints.is_due("a"), hints.is_due("a"), hints.is_due("b")] == [True, False, True]
    now[0] += lists.HINT_SECONDS
    assert hints.is_due("a")


def test_a_row_is_read_after_all_that_its_hint_stands_for() -> None:
    assert lists.ROW_SECONDS > lists.HINT_SECONDS
