"""Files in messages and answers, in the way of our profile (docs/a2a.md) and without it (A2A 1.0, section 4.1.6)."""

import base64
from typing import Final

import pytest

from tests.a2a.conftest import PostOffice
from tests.a2a.peers import Json, Peer, Refusal, message

SKILLS: Final = "urn:callboard:a2a:skills:1"
PIXEL: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def file(name: str, *, artifact: str = "", **fields: str) -> Json:
    """A part with the picture; `artifact` is by what name the data refers to it."""
    metadata = {"metadata": {SKILLS: {"artifact": artifact}}} if artifact else {}
    return {"raw": base64.b64encode(PIXEL).decode(), "filename": name, "mediaType": "image/png", **metadata, **fields}


def framing(*parts: Json, picture: str = "their-17") -> Json:
    """A message that asks for a frame around a picture."""
    data = {"data": {"picture": picture, "title": "A pixel"}}
    return message(parts=[data, *parts], metadata={SKILLS: {"skill": "frame"}})


def test_a_file_goes_in_and_comes_out(office: PostOffice, peer: Peer) -> None:
    """The data refers to files by names of the sender; the result refers to the artifacts of the answer."""
    task = peer.send(framing(file("pixel.png", artifact="their-17")))
    framed, output = task["artifacts"]
    assert (framed["name"], framed["parts"][0]["mediaType"]) == ("framed.png", "image/png")
    assert framed["metadata"][SKILLS] == {"kind": "image"}
    assert output["parts"][0]["data"] == {"picture": framed["artifactId"], "title": "A pixel, framed"}
    with office.anonymous() as http:
        assert http.get(framed["parts"][0]["url"]).content == PIXEL


def test_a_file_may_be_named_by_its_file_name(peer: Peer) -> None:
    """Clients that do not know the metadata."""
    sent = framing(file("pixel.png"), picture="pixel.png")
    assert peer.send(sent)["status"]["state"] == "TASK_STATE_COMPLETED"


def test_the_history_has_a_link_instead_of_the_file(office: PostOffice, peer: Peer) -> None:
    """3.7: what was exchanged, but nobody gets the same bytes again and again."""
    task = peer.send(framing(file("pixel.png", artifact="their-17")))
    (said,) = task["history"]
    data, picture = said["parts"]
    assert data["data"] == {"picture": "their-17", "title": "A pixel"}
    assert (picture["filename"], picture["mediaType"]) == ("pixel.png", "image/png")
    with office.anonymous() as http:
        assert http.get(picture["url"]).content == PIXEL


def test_a_file_that_is_missing_is_named(peer: Peer) -> None:
    """3.3.2: which parameter, and how to correct it."""
    with pytest.raises(Refusal, match="'their-17', which no part of the message holds") as refused:
        peer.send(framing(file("pixel.png", artifact="another")))
    assert refused.value.reason == "INVALID_PARAMS"


def test_an_artifact_of_another_task_cannot_be_referred_to(peer: Peer) -> None:
    """Whoever knows an id has no right to the file by that."""
    framed = peer.send(framing(file("pixel.png", artifact="their-17")))["artifacts"][0]
    with pytest.raises(Refusal) as refused:
        peer.send(framing(picture=framed["artifactId"]))
    assert refused.value.reason == "INVALID_PARAMS"


def test_what_cannot_be_made_from_text_says_what_it_needs(peer: Peer) -> None:
    """3.3.2: guidance on valid formats."""
    with pytest.raises(Refusal, match=r"frame cannot be made from text alone.*picture, title"):
        peer.send(message("Frame it", metadata={SKILLS: {"skill": "frame"}}))


def test_a_skill_that_there_is_not_is_refused_with_those_that_there_are(peer: Peer) -> None:
    """3.3.2."""
    with pytest.raises(Refusal, match=r"no skill 'juggle'\. It has: answer, frame"):
        peer.send(message("Hello", metadata={SKILLS: {"skill": "juggle"}}))


def test_a_skill_must_be_named_where_the_message_does_not_tell(peer: Peer) -> None:
    """3.3.2."""
    with pytest.raises(Refusal, match="Say which skill: correspondent has answer, frame"):
        peer.send(message(parts=[{"data": {"text": "Hello"}}]))


@pytest.mark.parametrize(
    "part",
    [
        file("pixel.exe", mediaType="application/x-msdownload"),
        file("pixel", mediaType=""),
        {"url": "https://example.com/pixel.png", "mediaType": "image/png"},
        {"url": "http://169.254.169.254/latest/", "mediaType": "image/png"},
        {"text": "<b>", "mediaType": "text/html"},
    ],
)
def test_what_no_skill_takes_is_refused_by_its_type(peer: Peer, part: Json) -> None:
    """3.1.1: ContentTypeNotSupportedError. Nothing is fetched from addresses that a client names."""
    with pytest.raises(Refusal) as refused:
        peer.send(framing(file("pixel.png", artifact="their-17"), part))
    assert refused.value.reason == "CONTENT_TYPE_NOT_SUPPORTED"


def test_a_file_is_no_answer_to_a_question(peer: Peer) -> None:
    """3.1.1: the question is still there."""
    task = peer.send(message("ask me"))
    with pytest.raises(Refusal) as refused:
        peer.send(message(parts=[file("pixel.png")], taskId=task["id"]))
    assert refused.value.reason == "CONTENT_TYPE_NOT_SUPPORTED"
    assert peer.get(task)["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"


def test_two_files_of_one_name_do_not_replace_each_other(peer: Peer) -> None:
    """Nor does what the agent makes replace what it was given."""
    parts = file("framed.png", artifact="their-17"), file("framed.png", artifact="other")
    task = peer.send(framing(*parts))
    assert task["status"]["state"] == "TASK_STATE_COMPLETED"
    assert [artifact["name"] for artifact in task["artifacts"]] == ["framed.png", "Result"]
    assert len({part["url"] for part in task["history"][0]["parts"] if "url" in part}) == 2
