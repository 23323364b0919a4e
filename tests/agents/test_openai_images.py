"""The image studio on an image model: whatever form and size it answers in, a picture of our size comes out."""

import base64
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from agents.animatic import film
from agents.contract import AgentError
from agents.studio.contract import NO_PICTURES, OwnPictures
from agents.studio.openai.images import OpenAIImages
from tests.agents.openai_server import (
    DROPPED_SECONDS,
    Behaviour,
    Provider,
    breaks_off,
    drawing,
    hangs,
    packed,
    sends,
    status,
)
from tests.agents.roles import MARA, PIP, SHOT
from tests.fixtures.openai_provider import Reports, Stopped

MAKE, EDIT = "/images/generations", "/images/edits"


def portrait(to: Path, reports: Reports) -> Path:
    OpenAIImages().portrait(MARA, "side", style="ink", to=to, report=reports)
    return to


def frame(
    to: Path,
    reports: Reports,
    *,
    studio: OpenAIImages | None = None,
    references: int = 0,
    is_last: bool = False,
    variant: int = 0,
    own: OwnPictures = NO_PICTURES,
) -> Path:
    portraits = []
    for number, character in enumerate((MARA, PIP)[:references]):
        path = to.with_name(f"portrait-{number}.png")
        path.write_bytes(drawing("64x80"))
        portraits.append((film.Reference(character=character, view="front", artifact=str(number)), path))
    (studio or OpenAIImages()).frame(
        SHOT,
        is_last=is_last,
        variant=variant,
        cast=[MARA, PIP],
        references=portraits,
        style="ink",
        to=to,
        report=reports,
        own=own,
    )
    return to


def test_a_portrait_is_a_jpeg_of_the_agreed_size(provider: Provider, reports: Reports, tmp_path: Path) -> None:
    with Image.open(portrait(tmp_path / "p.png", reports)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (640, 800))
        assert picture.getpixel((320, 5)) == (254, 0, 0)
        assert picture.getpixel((320, 795)) == (0, 0, 254)
    (seen,) = provider.requests(MAKE)
    assert (seen.body["model"], seen.body["size"]) == ("image-model", "1024x1536")
    for words in ("MARA", "in profile", "ink", "#334455"):
        assert words in seen.body["prompt"]
    assert reports.received[-1][0] == 1.0


def test_a_frame_is_a_jpeg_of_1280_by_720_that_shows_the_shot(
    provider: Provider, reports: Reports, tmp_path: Path
) -> None:
    with Image.open(frame(tmp_path / "f.png", reports)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1280, 720))
    prompt = provider.requests(MAKE)[0].body["prompt"]
    for words in ("close-up", "from below", "MARA at the lamp", "Lighthouse", "night", "storm", "ink"):
        assert words in prompt
    assert "PIP" not in prompt  # not in this shot


def test_the_last_frame_and_the_variants_ask_for_something_else(
    provider: Provider, reports: Reports, tmp_path: Path
) -> None:
    for is_last, variant in ((False, 0), (True, 0), (False, 1)):
        frame(tmp_path / "f.png", reports, is_last=is_last, variant=variant)
    prompts = [seen.body["prompt"] for seen in provider.requests(MAKE)]
    assert len(set(prompts)) == 3
    assert "The lamp goes out" in prompts[1]


@pytest.mark.parametrize(
    ("model", "size"), [("dall-e-3", "1792x1024"), ("dall-e-2", "1024x1024"), ("another", "1536x1024")]
)
def test_each_model_is_asked_for_a_size_that_it_can_draw(
    provider: Provider, reports: Reports, tmp_path: Path, settings: Settings, model: str, size: str
) -> None:
    settings.OPENAI_IMAGE_MODEL = model
    with Image.open(frame(tmp_path / "f.png", reports)) as picture:
        assert picture.size == (1280, 720)
    assert provider.requests(MAKE)[0].body["size"] == size


def test_portraits_go_along_as_references(provider: Provider, reports: Reports, tmp_path: Path) -> None:
    frame(tmp_path / "f.png", reports, references=2)
    (seen,) = provider.seen
    assert seen.path == EDIT
    assert seen.body["image[]"] == [drawing("64x80")] * 2
    assert "Keep faces" in seen.body["prompt"]


def test_pictures_of_the_makers_own_go_along_with_portraits_and_the_style_with_frames(
    provider: Provider, reports: Reports, tmp_path: Path
) -> None:
    """The face with its character's portraits only: frames have these."""
    face, style = tmp_path / "face.jpg", tmp_path / "style.jpg"
    face.write_bytes(drawing("64x64"))
    style.write_bytes(drawing("32x32"))
    own = OwnPictures({"MARA": face}, [style])
    studio = OpenAIImages()
    assert studio.refuses_pictures() == ""
    for character in (MARA, PIP):
        studio.portrait(character, "side", style="ink", to=tmp_path / "p.jpg", report=reports, own=own)
    frame(tmp_path / "f.jpg", reports, studio=studio, references=2, own=own)
    of_mara, of_pip, of_frame = provider.requests(EDIT)
    assert of_mara.body["image[]"] == [drawing("64x64"), drawing("32x32")]
    assert "Keep the face" in of_mara.body["prompt"]
    assert "last given picture" in of_mara.body["prompt"]
    assert MARA.look.skin not in of_mara.body["prompt"]  # the picture shows it
    assert MARA.look.top in of_mara.body["prompt"]
    assert len(_listed(of_pip.body["image[]"])) == 1
    assert PIP.look.skin in of_pip.body["prompt"]
    assert of_frame.body["image[]"] == [drawing("64x80"), drawing("64x80"), drawing("32x32")]
    assert not provider.requests(MAKE)


def test_a_model_that_takes_no_pictures_says_so_and_gets_none(
    provider: Provider, reports: Reports, tmp_path: Path, settings: Settings
) -> None:
    face = tmp_path / "face.jpg"
    face.write_bytes(drawing("64x64"))
    studio, own = OpenAIImages(), OwnPictures({"MARA": face})
    provider.always(EDIT, status(404, x_should_retry="false"))
    studio.portrait(MARA, "front", style="", to=tmp_path / "p.jpg", report=reports, own=own)
    assert "takes no pictures" in studio.refuses_pictures()
    (instead,) = provider.requests(MAKE)
    assert MARA.look.skin in instead.body["prompt"]
    settings.OPENAI_IMAGE_MODEL = "dall-e-3"
    assert "dall-e-3 takes no pictures" in OpenAIImages().refuses_pictures()


def _listed(files: bytes | list[bytes]) -> list[bytes]:
    return files if isinstance(files, list) else [files]


@pytest.mark.parametrize("code", [404, 405, 501])
def test_where_references_are_unknown_the_frame_is_drawn_without_them_from_then_on(
    provider: Provider, reports: Reports, tmp_path: Path, code: int
) -> None:
    provider.always(EDIT, status(code, x_should_retry="false"))
    studio = OpenAIImages()
    for _ in range(2):
        frame(tmp_path / "f.png", reports, studio=studio, references=1)
    assert (len(provider.requests(EDIT)), len(provider.requests(MAKE))) == (1, 2)


def test_an_unknown_model_is_no_reason_to_give_references_up(
    provider: Provider, reports: Reports, tmp_path: Path
) -> None:
    provider.next(EDIT, status(404))
    provider.next(MAKE, status(404))
    studio = OpenAIImages()
    with pytest.raises(AgentError, match="does not know the address or the model"):
        frame(tmp_path / "f.png", reports, studio=studio, references=1)
    frame(tmp_path / "f.png", reports, studio=studio, references=1)
    assert len(provider.requests(EDIT)) == 2


def test_a_refused_reference_is_an_error(provider: Provider, reports: Reports, tmp_path: Path) -> None:
    provider.always(EDIT, status(400, error_code="moderation_blocked"))
    with pytest.raises(AgentError, match="content rules"):
        frame(tmp_path / "f.png", reports, references=1)
    assert not provider.requests(MAKE)


def test_a_picture_by_address_is_fetched_without_the_key(provider: Provider, reports: Reports, tmp_path: Path) -> None:
    provider.picture_form = "url"
    with Image.open(portrait(tmp_path / "p.png", reports)) as picture:
        assert picture.size == (640, 800)
    assert "Authorization" not in provider.requests("/files/1.png")[0].headers


@pytest.mark.parametrize(
    "address", ["http://10.0.0.1/x.png", "file:///etc/passwd", "ftp://x/y", "http://127.0.0.1:1/x", "x"]
)
def test_an_address_that_is_not_safe_is_not_followed(
    provider: Provider, reports: Reports, tmp_path: Path, address: str
) -> None:
    provider.always(MAKE, sends(b'{"data": [{"url": "%b"}]}' % address.encode()))
    with pytest.raises(AgentError, match="not safe"):
        portrait(tmp_path / "p.png", reports)


def test_an_address_without_a_picture_is_reported(provider: Provider, reports: Reports, tmp_path: Path) -> None:
    provider.picture_form = "url"
    provider.always("/files/1.png", status(404))
    with pytest.raises(AgentError, match="its address answers 404"):
        portrait(tmp_path / "p.png", reports)


def test_a_picture_without_end_is_not_swallowed(
    provider: Provider, reports: Reports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.studio.openai.images.LARGEST_ANSWER", 100)
    provider.picture_form = "url"
    with pytest.raises(AgentError, match="more than 100 bytes"):
        portrait(tmp_path / "p.png", reports)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says that it has so many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(10_000))), (b"IEND", b"")]
    packed = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


@pytest.mark.parametrize("side", [8_000, 10_000, 60_000])
def test_a_decompression_bomb_is_never_unpacked(
    provider: Provider, reports: Reports, tmp_path: Path, side: int
) -> None:
    provider.always(MAKE, sends(b64(bomb(side, side))))
    with pytest.raises(AgentError, match="it is too large"):
        portrait(tmp_path / "p.png", reports)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "169.254.169.254", "10.0.0.1", "[::1]"])
def test_a_private_address_is_not_asked_even_where_every_host_may_be(
    provider: Provider, reports: Reports, tmp_path: Path, settings: Settings, host: str
) -> None:
    settings.OPENAI_FILE_HOSTS = ["*"]
    provider.always(MAKE, sends(b'{"data": [{"url": "https://%b/x.png"}]}' % host.encode()))
    with pytest.raises(AgentError, match="leads to a private address"):
        portrait(tmp_path / "p.png", reports)


@pytest.mark.parametrize("address", ["https://example.org/x.png", "https://[/x", "https://x:99999999/"])
def test_a_host_that_is_not_named_is_not_asked(
    provider: Provider, reports: Reports, tmp_path: Path, address: str
) -> None:
    provider.always(MAKE, sends(b'{"data": [{"url": "%b"}]}' % address.encode()))
    with pytest.raises(AgentError, match=r"not safe \(OPENAI_FILE_HOSTS|its address is none"):
        portrait(tmp_path / "p.png", reports)


def test_a_picture_that_is_sent_elsewhere_is_not_followed(provider: Provider, reports: Reports, tmp_path: Path) -> None:
    provider.picture_form = "url"
    provider.always("/files/1.png", status(302, Location=f"{provider.base_url}/files/2.png"))
    with pytest.raises(AgentError, match="its address answers 302"):
        portrait(tmp_path / "p.png", reports)
    assert not provider.requests("/files/2.png")


def test_a_packed_picture_is_not_unpacked(provider: Provider, reports: Reports, tmp_path: Path) -> None:
    provider.picture_form = "url"
    provider.always("/files/1.png", packed(bytes(10_000_000), "image/png"))
    with pytest.raises(AgentError, match="compressed answer"):
        portrait(tmp_path / "p.png", reports)


def b64(raw: bytes) -> bytes:
    return b'{"data": [{"b64_json": "%b"}]}' % base64.b64encode(raw)


@pytest.mark.parametrize(
    ("behaviour", "complaint"),
    [
        (sends(b"<html></html>", "text/html"), "not a picture"),
        (sends(b'{"data": []}'), "not a picture"),
        (sends(b'{"data": [{}]}'), "its answer is empty"),
        (sends(b'{"data": [{"b64_json": "***"}]}'), "not a picture"),
        (sends(b'{"choices": []}'), "not a picture"),
        (sends(b64(b"GIF89a nothing to see")), "no PNG, JPEG or WebP"),
        (sends(b64(b"")), "its answer is empty"),
        (sends(b64(b"<svg xmlns='http://www.w3.org/2000/svg'/>")), "no PNG, JPEG or WebP"),
        (sends(b64(drawing("600x600")[:900])), "damaged"),
    ],
)
def test_an_answer_that_is_no_picture_is_a_clear_error_that_may_be_retried(
    provider: Provider, reports: Reports, tmp_path: Path, behaviour: Behaviour, complaint: str
) -> None:
    provider.always(MAKE, behaviour)
    to = tmp_path / "p.png"
    with pytest.raises(AgentError, match=complaint) as caught:
        portrait(to, reports)
    assert caught.value.retryable
    assert "image-model" in caught.value.message
    assert not to.exists()


@pytest.mark.parametrize("behaviour", [status(401), status(500), breaks_off])
def test_a_fault_of_the_provider_is_an_error_of_the_agent(
    provider: Provider, reports: Reports, tmp_path: Path, behaviour: Behaviour
) -> None:
    provider.always(MAKE, behaviour)
    with pytest.raises(AgentError):
        portrait(tmp_path / "p.png", reports)


def test_a_stop_while_it_draws_is_obeyed(provider: Provider, reports: Reports, tmp_path: Path) -> None:
    provider.always(MAKE, hangs)
    reports.stop_when = lambda: provider.seen
    with pytest.raises(Stopped):
        portrait(tmp_path / "p.png", reports)
    assert provider.dropped.wait(DROPPED_SECONDS)


def test_what_is_missing_is_named(settings: Settings) -> None:
    settings.OPENAI_API_KEY, settings.OPENAI_IMAGE_MODEL = "key", ""
    assert OpenAIImages().missing() == "OPENAI_IMAGE_MODEL is not set."


def test_a_model_that_keeps_to_no_references_is_not_given_any(
    provider: Provider, reports: Reports, tmp_path: Path, settings: Settings
) -> None:
    settings.OPENAI_IMAGE_MODEL = "dall-e-3"
    frame(tmp_path / "f.png", reports, references=2)
    assert [seen.path for seen in provider.seen] == [MAKE]
