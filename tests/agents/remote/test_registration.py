"""Remote agents are registered by the command, the API and the admin, and removed again."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from agents import registry
from agents.models import Agent
from agents.remote.errors import NotRegistered
from agents.remote.registration import register, remove
from tests.agents.remote import peer as peers
from tests.agents.remote.conftest import Limit
from tests.agents.remote.peer import CARD_PATH, SKILLS, Json, Peer
from tests.fixtures.people import AsUser

pytestmark = pytest.mark.django_db
LOST: Json = {"patternProperties": {"a": {}}, "$ref": "#/patternProperties/a"}  # patterns are dropped
Spoil = Callable[[Json], Any]


def test_the_command_registers_an_agent_and_says_what_it_can_do(peer: Peer) -> None:
    said = StringIO()
    call_command("register_agent", peer.url, name="wall-painter", max_concurrent=7, stdout=said)
    row = Agent.objects.get(name="wall-painter")
    assert (row.kind, row.url, row.max_concurrent, row.status) == ("a2a", peer.url, 7, "idle")
    assert "paint: Paints a picture." in said.getvalue()


def test_a_registered_agent_is_one_of_the_registry_with_the_schemas_of_its_card(peer: Peer) -> None:
    register(url=peer.url)
    registry.refresh()
    skill = registry.get("painter").skill("paint")
    assert skill.input_schema == peers.WISH
    assert skill.output_schema == peers.PICTURE
    assert registry.skill_named("painter/paint") == skill


def test_registering_again_reads_the_card_anew(peer: Peer) -> None:
    first = register(url=peer.url)
    peer.card["description"] = "Paints better."
    again = register(url=peer.url, max_concurrent=9)
    assert again.pk == first.pk
    assert (again.description, again.max_concurrent) == ("Paints better.", 9)
    assert again.version > first.version


def test_an_agent_that_was_removed_and_is_registered_anew_is_not_taken_for_the_old_one(peer: Peer) -> None:
    with peers.running() as other:
        register(url=peer.url)
        registry.refresh()
        old = registry.get("painter")
        remove("painter")
        register(url=other.url)
        registry.refresh()
        assert registry.get("painter") is not old


@pytest.mark.covers("http_post_agents")
def test_the_api_registers_and_removes_an_agent(peer: Peer, operator: User, as_user: AsUser) -> None:
    client = as_user(operator)
    answer = client.post("/api/agents/", {"url": peer.url, "name": "painter"})
    assert answer.status_code == 201, answer.content
    assert (answer.json()["agent_name"], answer.json()["kind"]) == ("painter", "a2a")
    assert client.get("/api/agents/painter/").json()["skills"][0]["input_schema"] == peers.WISH
    assert client.delete("/api/agents/painter/").status_code == 204
    assert not Agent.objects.filter(name="painter").exists()
    assert client.delete("/api/agents/painter/").status_code == 404


@pytest.mark.covers("error_not_registered")
def test_an_agent_that_is_part_of_the_program_cannot_be_removed(operator: User, as_user: AsUser) -> None:
    answer = as_user(operator).delete("/api/agents/clip_maker/")
    assert answer.status_code == 400
    assert "part of the program" in answer.json()["error"]["message"]
    assert Agent.objects.filter(name="clip_maker").exists()


@pytest.mark.parametrize("permissions", [[], ["view_agent"]])
def test_nobody_registers_or_removes_agents_without_the_permission(
    peer: Peer, charlie: User, as_user: AsUser, permissions: list[str]
) -> None:
    register(url=peer.url)
    charlie.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = as_user(charlie)
    assert client.post("/api/agents/", {"url": peer.url, "name": "mine"}).status_code == 403
    assert client.delete("/api/agents/painter/").status_code == 403
    assert [row.name for row in Agent.objects.filter(kind="a2a")] == ["painter"]


def test_the_admin_registers_and_removes_an_agent(peer: Peer, admin_client: Client) -> None:
    form = {"url": peer.url, "name": "", "bearer_env": "", "token": "s3cret-token", "max_concurrent": 5}
    answer = admin_client.post(reverse("admin:agents_agent_add"), form)
    row = Agent.objects.get(name="painter")
    assert answer.status_code == 302, answer.content
    assert row.max_concurrent == 5
    page = admin_client.get(reverse("admin:agents_agent_change", args=[row.pk])).content.decode()
    assert "s3cret-token" not in page
    assert row.credential not in page
    admin_client.post(reverse("admin:agents_agent_delete", args=[row.pk]), {"post": "yes"})
    assert not Agent.objects.filter(name="painter").exists()


def test_the_admin_shows_what_is_wrong_with_an_agent(peer: Peer, admin_client: Client) -> None:
    peer.on(f"GET {CARD_PATH}", peers.raw(b"<html>"))
    form = {"url": peer.url, "name": "", "bearer_env": "", "token": "", "max_concurrent": 5}
    page = admin_client.post(reverse("admin:agents_agent_add"), form).content.decode()
    assert "is no agent card" in page
    assert not Agent.objects.filter(kind="a2a").exists()


def test_a_credential_is_stored_encrypted_and_used(peer: Peer) -> None:
    row = register(url=peer.url, credential="s3cret-token")
    assert peer.called(f"GET {CARD_PATH}")[0].headers["authorization"] == "Bearer s3cret-token"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM agents_agent WHERE id = %s", [row.pk])
        assert "s3cret-token" not in str(cursor.fetchall())


def test_a_credential_of_another_key_is_said_to_be_missing(peer: Peer, settings: Settings) -> None:
    register(url=peer.url, credential="s3cret-token")
    settings.SECRET_KEY = "another"
    registry.refresh()
    assert "encrypted with another SECRET_KEY" in registry.get("painter").missing()


def test_a_credential_outlives_a_new_key_while_the_old_one_is_a_fallback(peer: Peer, settings: Settings) -> None:
    register(url=peer.url, credential="s3cret-token")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    registry.refresh()
    assert registry.get("painter").missing() == ""


def test_an_environment_variable_without_a_token_is_said_to_be_missing(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_TOKEN_PAINTER", "s3cret-token")
    register(url=peer.url, bearer_env="AGENT_TOKEN_PAINTER")
    registry.refresh()
    assert registry.get("painter").missing() == ""
    monkeypatch.delenv("AGENT_TOKEN_PAINTER")
    assert registry.get("painter").missing() == "The environment variable AGENT_TOKEN_PAINTER holds no token."


def test_only_some_environment_variables_may_be_sent_to_an_agent_of_ones_choice(
    peer: Peer, operator: User, as_user: AsUser, admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise whoever may register agents could have every secret of the server sent to themselves."""
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    answer = as_user(operator).post("/api/agents/", {"url": peer.url, "bearer_env": "DATABASE_URL"})
    assert answer.status_code == 400
    assert "AGENT_TOKEN_*" in answer.json()["error"]["message"]
    form = {"url": peer.url, "name": "", "bearer_env": "DATABASE_URL", "token": "", "max_concurrent": 5}
    assert "AGENT_TOKEN_*" in admin_client.post(reverse("admin:agents_agent_add"), form).content.decode()
    assert peer.calls == []


def test_no_answer_holds_a_credential(peer: Peer, operator: User, as_user: AsUser) -> None:
    client = as_user(operator)
    made = client.post("/api/agents/", {"url": peer.url, "credential": "s3cret-token"})
    row = Agent.objects.get(name="painter")
    for answer in (made, client.get("/api/agents/"), client.get("/api/agents/painter/")):
        assert "s3cret-token" not in answer.content.decode()
        assert row.credential not in answer.content.decode()


@pytest.mark.parametrize(
    "url",
    [
        "ftp://agents.example/",
        "file:///etc/passwd",
        "agents.example",
        "http://",
        "https://olga:secret@agents.example/",
        "https://agents.example/?key=secret",
        "https://agents.example/#secret",
        "https://agents.example/" + "x" * 500,
        "http://[",
    ],
)
def test_a_url_that_is_none_or_holds_a_secret_is_refused(url: str) -> None:
    with pytest.raises(NotRegistered) as refused:
        register(url=url)
    assert "secret" not in refused.value.message


def test_a_credential_is_not_sent_in_the_clear_over_the_internet(settings: Settings) -> None:
    settings.REMOTE_PRIVATE_ADDRESSES = False
    with pytest.raises(NotRegistered, match="only sent over https"):
        register(url="http://agents.example/", credential="s3cret-token")


def test_a_name_that_is_taken_is_refused(peer: Peer) -> None:
    with pytest.raises(NotRegistered, match="another agent with the name clip_maker"):
        register(url=peer.url, name="clip_maker")
    with peers.running() as other:
        register(url=peer.url)
        with pytest.raises(NotRegistered, match="another agent with the name painter"):
            register(url=other.url)


def test_an_agent_at_a_private_address_is_not_registered(peer: Peer, settings: Settings) -> None:
    settings.REMOTE_PRIVATE_ADDRESSES = False
    with pytest.raises(CommandError, match="leads to a private address"):
        call_command("register_agent", peer.url)
    assert peer.calls == []


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda card: card.pop("skills"), "has 0 skills"),
        (lambda card: card.update(skills=card["skills"] * 2), "ids of its skills must differ"),
        (lambda card: card["skills"][0].update(id="a/b"), "no slash among them"),
        (lambda card: card.update(skills="paint"), "no agent card"),
        (lambda card: card.update(name=["x"]), "no agent card"),
        (lambda card: card.pop("supportedInterfaces"), "offers no interface of A2A 1.0"),
        (lambda card: card["supportedInterfaces"][0].update(protocolVersion="0.3"), "no interface of A2A 1.0"),
        (lambda card: card["supportedInterfaces"][0].update(protocolBinding="GRPC"), "no interface of A2A 1.0"),
        (lambda card: card["supportedInterfaces"][0].update(url="http://10.0.0.1/"), "not where it is registered"),
        (lambda card: card["supportedInterfaces"][0].update(url="http://127.0.0.1:1/"), "not where it is registered"),
        (lambda card: card["supportedInterfaces"][0].update(url="nowhere"), "not where it is registered"),
        (lambda card: _extension(card).update(uri="urn:other", required=True), "demands an extension"),
        (lambda card: _extension(card).update(params={"skills": 5}), "of the wrong form"),
        (lambda card: _extension(card)["params"]["skills"].update(paint=5), "of the wrong form"),
        (lambda card: _paint(card).pop("input_schema"), "schema is no object"),
        (lambda card: _paint(card).update(input_schema={"type": "none"}), "no JSON Schema"),
        (lambda card: _paint(card).update(input_schema={"$ref": "http://10.0.0.1/"}), "outside of itself"),
        (lambda card: _paint(card).update(input_schema={"$ref": "#/$defs/none"}), "outside of itself"),
        (lambda card: _paint(card).update(input_schema={"$dynamicRef": "#a"}), "outside of itself"),
        (lambda card: _paint(card).update(input_schema=LOST), "outside of itself"),
        (lambda card: _paint(card).update(input_schema=_deep(100)), "too deep"),
        (lambda card: _paint(card).update(input_schema={"title": "x" * 70_000}), "more than 65,536 bytes"),
        (lambda card: card.update(name="a\0b"), "no agent card"),
        (lambda card: card.update(name="\ud800"), "no agent card"),
        (lambda card: card.update(name="Zoë & Söhne!" * 30), None),
    ],
)
def test_a_card_that_cannot_be_used_is_refused_with_a_reason(peer: Peer, spoil: Spoil, why: str | None) -> None:
    spoil(peer.card)
    if why is None:
        register(url=peer.url)
        return
    with pytest.raises(NotRegistered, match=why):
        register(url=peer.url)
    assert not Agent.objects.filter(kind="a2a").exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b"\xff\xfe", b"{" * 3_000, b'{"a":' * 3_000, b'{"a": NaN}'])
def test_what_is_no_card_is_refused(peer: Peer, body: bytes) -> None:
    peer.on(f"GET {CARD_PATH}", peers.raw(body))
    with pytest.raises(NotRegistered, match="The agent card cannot be used"):
        register(url=peer.url)


def test_a_card_that_is_too_large_is_refused(peer: Peer) -> None:
    peer.card["description"] = "x" * 300_000
    with pytest.raises(NotRegistered, match="more than 262,144 bytes"):
        register(url=peer.url)


def test_a_card_behind_a_redirect_is_refused(peer: Peer) -> None:
    peer.on(f"GET {CARD_PATH}", peers.raw(b"", status=301, location=f"{peer.url}/elsewhere"))
    with pytest.raises(NotRegistered, match="redirects to another address"):
        register(url=peer.url)
    assert peer.called("GET /elsewhere") == []


@pytest.mark.parametrize(
    ("status", "why"), [(401, "does not accept the credential"), (404, "HTTP 404"), (503, "HTTP 503")]
)
def test_a_card_that_is_refused_is_said_to_be_so(peer: Peer, status: int, why: str) -> None:
    peer.on(f"GET {CARD_PATH}", peers.raw(b"{}", status=status))
    with pytest.raises(NotRegistered, match=why):
        register(url=peer.url)


def test_a_card_that_drips_is_not_waited_for(peer: Peer, limit: Limit) -> None:
    async def slow(call: peers.Call) -> None:
        await call.start(media_type="application/json")
        await peers.forever(call, b" ", 0.02)

    limit(CONNECT_SECONDS=0.2, SILENCE_SECONDS=0.2)
    peer.on(f"GET {CARD_PATH}", slow)
    with pytest.raises(NotRegistered, match=r"was not read\. It did not answer in time\."):
        register(url=peer.url)


@pytest.fixture
def operator(olga: User) -> User:
    """Olga, who may change agents."""
    olga.user_permissions.add(Permission.objects.get(codename="change_agent"))
    return olga


def _extension(card: Json) -> Json:
    extension: Json = card["capabilities"]["extensions"][0]
    assert extension["uri"] == SKILLS
    return extension


def _paint(card: Json) -> Json:
    extension = _extension(card)
    extension["params"] = json.loads(json.dumps(extension["params"]))  # the schemas are shared by all cards
    paint: Json = extension["params"]["skills"]["paint"]
    return paint


def _deep(levels: int) -> Json:
    return {"items": _deep(levels - 1)} if levels else {}
