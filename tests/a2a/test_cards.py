"""Agent cards and the catalogue (A2A 1.0, sections 4.4, 5.2 and 8)."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.a2a.conftest import PostOffice
from tests.a2a.peers import VERSION, Json

SKILLS = "urn:callboard:a2a:skills:1"
PROGRESS = "urn:callboard:a2a:progress:1"
USAGE = "urn:callboard:a2a:usage:1"


@pytest.fixture
def anybody(office: PostOffice) -> Iterator[httpx2.Client]:
    """A client that is not signed in."""
    with office.anonymous() as http:
        yield http


def card_of(http: httpx2.Client, office: PostOffice, agent: str) -> Json:
    """The agent's card."""
    response = http.get(f"{office.address(agent)}/.well-known/agent-card.json")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/json")
    card: Json = response.json()
    return card


def test_a_card_has_all_that_one_must_have(anybody: httpx2.Client, office: PostOffice) -> None:
    """4.4.1, 8.1: readable without signing in; every required field is there and not empty."""
    card = card_of(anybody, office, "correspondent")
    required = {"name", "description", "version", "supportedInterfaces", "capabilities", "skills"}
    assert required | {"defaultInputModes", "defaultOutputModes"} <= card.keys()
    assert all(card[field] for field in required)
    for skill in card["skills"]:
        assert all(skill[field] for field in ("id", "name", "description", "tags"))


def test_a_card_names_both_bindings_where_they_are(anybody: httpx2.Client, office: PostOffice) -> None:
    """8.3.1: each interface declares its URL, its binding and the version, without a patch number."""
    interfaces = card_of(anybody, office, "correspondent")["supportedInterfaces"]
    url = office.address("correspondent")
    assert interfaces == [
        {"url": url, "protocolBinding": "JSONRPC", "protocolVersion": "1.0"},
        {"url": url, "protocolBinding": "HTTP+JSON", "protocolVersion": "1.0"},
    ]


def test_a_card_says_what_is_supported_and_how_to_sign_in(anybody: httpx2.Client, office: PostOffice) -> None:
    """3.3.4, 4.4.3, 4.5: capabilities, schemes, and that one of them is required."""
    card = card_of(anybody, office, "correspondent")
    capabilities = card["capabilities"]
    assert capabilities["streaming"]
    assert not capabilities.get("pushNotifications")
    assert not capabilities.get("extendedAgentCard")
    assert card["securitySchemes"]["bearer"]["httpAuthSecurityScheme"]["scheme"] == "Bearer"
    assert card["securityRequirements"] == [{"schemes": {"bearer": {}}}]


def test_a_card_has_the_schemas_of_its_skills_in_an_extension(anybody: httpx2.Client, office: PostOffice) -> None:
    """4.6: extensions with URIs, none of them required; A2A's own skills have no field for schemas."""
    extensions = {one["uri"]: one for one in card_of(anybody, office, "correspondent")["capabilities"]["extensions"]}
    assert extensions.keys() == {SKILLS, PROGRESS, USAGE}
    assert not any(one.get("required") for one in extensions.values())
    skills = extensions[SKILLS]["params"]["skills"]
    assert skills.keys() == {"answer", "frame"}
    frame = skills["frame"]["input_schema"]["$defs"]["Picture"]["properties"]
    assert frame["picture"] == {"type": "string", "format": "artifact-id"}


def test_a_card_declares_the_types_that_its_skills_take(anybody: httpx2.Client, office: PostOffice) -> None:
    """4.4.5: input modes of each skill; text only where a text is enough, files only where they are taken."""
    skills = {skill["id"]: skill for skill in card_of(anybody, office, "correspondent")["skills"]}
    assert skills["answer"]["inputModes"] == ["application/json", "text/plain"]
    assert "image/png" in skills["frame"]["inputModes"]


def test_the_servers_card_is_the_coordinators(anybody: httpx2.Client, office: PostOffice) -> None:
    """8.2: the well-known URI; the pipelines are its skills."""
    card = anybody.get(f"{office.url}/.well-known/agent-card.json").json()
    assert card == card_of(anybody, office, "coordinator")
    assert [skill["id"] for skill in card["skills"]] == ["idea2video", "script2video", "novel2video"]
    assert all("text/plain" in skill["inputModes"] for skill in card["skills"])


def test_the_catalogue_leads_to_every_card(anybody: httpx2.Client, office: PostOffice) -> None:
    """8.2: agents are found in a catalogue, too: the coordinator, the crew, and whoever has registered."""
    agents = anybody.get(f"{office.url}/a2a/").json()["agents"]
    names = [agent["name"] for agent in agents]
    assert names[0] == "coordinator"
    assert {"storyboard_artist", "clip_maker", "correspondent"} <= set(names)
    for agent in agents:
        assert anybody.get(agent["card"]).json()["name"] == agent["name"]


def test_a_card_can_be_kept_for_a_while(anybody: httpx2.Client, office: PostOffice) -> None:
    """8.6.1: Cache-Control with max-age, and an ETag with which it is not sent again."""
    url = f"{office.address('correspondent')}/.well-known/agent-card.json"
    response = anybody.get(url)
    assert "max-age=" in response.headers["cache-control"]
    again = anybody.get(url, headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["etag"] == response.headers["etag"]


@pytest.mark.parametrize("path", ["/.well-known/agent-card.json", "", "/tasks", "/message:send"])
def test_an_agent_that_there_is_not_is_not_found(office: PostOffice, alice: httpx2.Client, path: str) -> None:
    """8.2: 404, as JSON."""
    response = alice.request(
        "GET" if "." in path else "POST", office.address("nobody") + path, headers=VERSION, json={}
    )
    assert response.status_code == 404
    assert response.json()["error"]
