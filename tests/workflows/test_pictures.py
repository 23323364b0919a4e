"""Pictures of one's own: brought, drawn anew without what the camera wrote into them, used in a film, and gone with it."""

import io
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from struct import pack
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageChops, ImageStat
from pytest_django import Settings

from agents import registry
from agents.contract import AgentError, Job
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from workflows import coordinator, pictures
from workflows.models import Artifact, Picture, Workflow, artifact_storage

Json = dict[str, Any]
GREEN, ORANGE = (20, 200, 60), (230, 120, 30)
SCRIPT = "INT. KITCHEN - DAY\n\nMARA waits.\n\nMARA\nCome home.\n"
PLACE = "51.5 N"  # where it was taken


def picture(
    size: tuple[int, int] = (300, 400), colour: tuple[int, int, int] = GREEN, kind: str = "JPEG", **options: Any
) -> bytes:
    to = io.BytesIO()
    Image.new("RGB", size, colour).save(to, kind)
    return to.getvalue()


def bomb(side: int = 50_000) -> bytes:
    """A PNG of a few kilobytes that says it holds billions of pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return pack(">I", len(content)) + name + content + pack(">I", zlib.crc32(name + content))

    head = chunk(b"IHDR", pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")


def bring(client: Client, content: bytes) -> tuple[int, Json]:
    answer = client.post("/api/pictures/", content, content_type="application/octet-stream")
    return answer.status_code, answer.json()


def brought(client: Client, content: bytes | None = None) -> str:
    status, body = bring(client, content or picture())
    assert status == 201, body
    return str(body["id"])


@pytest.fixture
def crew(transactional_db: None) -> None:
    """The built-in agents are known to the database."""
    registry.sync()


def film(*own: Json, pipeline: str = "script2video") -> Json:
    text = {"script2video": "script", "idea2video": "idea", "novel2video": "novel"}[pipeline]
    return {"pipeline": pipeline, "input": {text: SCRIPT, "sound": False, "pictures": list(own)}}


def face(picture_id: str, name: str = "Mara") -> Json:
    return {"picture": picture_id, "use": "face", "name": name}


@pytest.mark.covers("http_post_pictures", "http_get_pictures_picture_id")
@pytest.mark.django_db
def test_of_a_picture_only_its_pixels_are_kept_upright_and_small(alice: User, as_user: AsUser) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x010E] = PLACE
    exif.get_ifd(0x8825)[1] = PLACE
    lying = Image.new("RGB", (2_000, 1_000), GREEN)
    lying.paste(ORANGE, (0, 0, 1_000, 1_000))
    to = io.BytesIO()
    lying.save(to, "JPEG", exif=exif, comment=PLACE.encode())
    api = as_user(alice)
    status, body = bring(api, to.getvalue() + b"PK\x03\x04<script>alert(1)</script>")  # and something else behind it
    assert (status, body["width"], body["height"]) == (201, 512, 1_024)
    answer = api.get(f"/api/pictures/{body['id']}/")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert len(answer.content) == body["bytes"] == Picture.objects.get().size
    assert PLACE.encode() not in answer.content
    assert b"script" not in answer.content
    with Image.open(io.BytesIO(answer.content)) as kept:
        assert (kept.size, dict(kept.getexif()), kept.info.get("comment")) == ((512, 1_024), {}, None)
        above, below = (kept.crop((0, y, 512, y + 100)) for y in (0, 924))
        assert ImageStat.Stat(above).mean[0] > 200  # what was on the left
        assert ImageStat.Stat(below).mean[1] > 180


@pytest.mark.django_db
def test_what_is_no_picture_or_too_much_of_one_is_refused_with_the_field_and_what_to_do(
    alice: User, as_user: AsUser
) -> None:
    whole, api = picture((800, 800), kind="PNG"), as_user(alice)
    noisy = io.BytesIO()
    Image.effect_noise((400, 400), 90).convert("RGB").save(noisy, "JPEG")
    refused = {
        "nothing": (b"", "empty"),
        "a bomb": (bomb(), "too large"),
        "a smaller bomb, past Pillow's own limit": (bomb(8_000), "too large"),
        "cut off": (noisy.getvalue()[:3_000], "damaged"),
        "PNG cut off": (whole[: len(whole) // 2], "damaged"),
        "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "JPEG, PNG or WebP"),
        "GIF": (picture(kind="GIF"), "JPEG, PNG or WebP"),
        "TIFF": (picture(kind="TIFF"), "JPEG, PNG or WebP"),
        "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "JPEG, PNG or WebP"),
        "text": (b"hello" * 100, "JPEG, PNG or WebP"),
        "a dot": (picture((20, 20)), "too small"),
    }
    for name, (content, words) in refused.items():
        status, body = bring(api, content)
        assert (status, body["error"]["type"]) == (400, "InvalidInput"), name
        assert words in body["error"]["fields"]["picture"], name
    assert not Picture.objects.exists()
    for kind in ("PNG", "WEBP", "JPEG"):
        assert bring(api, picture(kind=kind))[0] == 201, kind
    see_through = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(see_through, "PNG")
    assert api.get(f"/api/pictures/{brought(api, see_through.getvalue())}/").content.startswith(b"\xff\xd8")


@pytest.mark.django_db(transaction=True)
def test_pictures_are_their_owners_alone(
    alice: User, bob: User, olga: User, as_user: AsUser, settings: Settings
) -> None:
    mine = brought(as_user(alice))
    for other in (bob, olga):  # also not for who sees the workflows of all
        assert as_user(other).get(f"/api/pictures/{mine}/").status_code == 404
        assert as_user(other).delete(f"/api/pictures/{mine}/").status_code == 404
        refused = as_user(other).post("/api/workflows/", film(face(mine)), "json")
        assert (refused.status_code, refused.json()["error"]["fields"].keys()) == (400, {"pictures"})
    assert as_user(None).get(f"/api/pictures/{mine}/").status_code == 401
    assert bring(as_user(None), picture())[0] == 401
    path = Path(Picture.objects.get().file.path)
    assert path.exists()
    api = as_user(alice)
    assert api.delete(f"/api/pictures/{mine}/").status_code == 204
    assert (path.parent.exists(), api.get(f"/api/pictures/{mine}/").status_code) == (False, 404)


@pytest.mark.covers("error_too_many_pictures")
@pytest.mark.django_db
def test_they_count_as_stored_and_no_one_brings_them_without_end(
    alice: User, as_user: AsUser, settings: Settings
) -> None:
    settings.PICTURES_PER_HOUR = 2
    api = as_user(alice)
    for _ in range(2):
        brought(api)
    assert api.get("/api/workflows/storage/").json()["stored_bytes"] == sum(p.size for p in Picture.objects.all())
    status, body = bring(api, picture())
    assert (status, body["error"]["type"]) == (429, "TooManyPictures")
    settings.PICTURES_PER_HOUR, settings.STORED_MEGABYTES_PER_USER = 99, 0
    assert bring(api, picture())[0] == 507
    assert Picture.objects.count() == 2


@pytest.mark.covers("error_picture_in_use")
@pytest.mark.django_db
def test_an_input_says_whose_face_a_picture_is_and_names_eight_at_most(
    crew: None, alice: User, as_user: AsUser
) -> None:
    api = as_user(alice)
    mine = brought(api)
    wrong: dict[str, tuple[list[Json], str]] = {
        "no name": ([face(mine, " ")], "Say who picture 1 shows"),
        "gone": ([face(mine), face(str(uuid4()))], "Picture 2 is not there any more"),
        "no id": ([face("../../etc/passwd")], "Picture 1 is not there any more"),
        "another use": ([{"picture": mine, "use": "poster"}], "must be one of face, style"),
        "no use": ([{"picture": mine}], "lacks use"),
        "nine": ([face(mine)] * 9, "at most 8"),
    }
    for pipeline in ("idea2video", "script2video", "novel2video"):
        for name, (own, words) in wrong.items():
            refused = api.post("/api/workflows/", film(*own, pipeline=pipeline), "json")
            assert refused.status_code == 400, (pipeline, name)
            assert words in refused.json()["error"]["fields"]["pictures"], (pipeline, name)
        made = api.post(
            "/api/workflows/", film(face(mine), {"picture": mine, "use": "style"}, pipeline=pipeline), "json"
        )
        assert made.status_code == 201, made.json()
    assert Picture.objects.get().uses.count() == 3
    refused = api.delete(f"/api/pictures/{mine}/")
    assert (refused.status_code, refused.json()["error"]["type"]) == (409, "PictureInUse")


@pytest.mark.timeout(300)
def test_a_film_has_the_face_and_the_colours_of_pictures_and_takes_them_along(
    crew: None, alice: User, as_user: AsUser, run: Run, tmp_path: Path
) -> None:
    api = as_user(alice)
    mine, style = brought(api), brought(api, picture(colour=(60, 20, 140)))
    answer = api.post("/api/workflows/", film(face(mine), face(mine, "Zoe")), "json")
    workflow = Workflow.objects.get(pk=answer.json()["id"])
    run_until(run, workflow, "candidates")
    for name, least in (("MARA, front.jpg", 0.01), ("take-1-first.jpg", 0.003)):
        area = _green(workflow, name)
        assert ImageStat.Stat(area).mean[0] / 255 > least, name
        _, top, _, bottom = area.getbbox() or (0, 0, 0, 0)
        assert bottom - top < 0.35 * area.height, "the head, and nothing else, is of this colour"
    finished = {event.data["task"]: event.data["message"] for event in workflow.events.filter(kind="task_finished")}
    assert "Nobody is called Zoe" in finished["characters"]
    assert "with the face of your picture" in finished["portraits/1"]

    styled = {**workflow.input, "pictures": [face(mine), {"picture": style, "use": "style"}]}
    again = coordinator.rerun(workflow=workflow, by=alice, from_task="candidates/1.1", given=styled)
    run_until(run, again, "candidates")
    assert _blue(again, "take-1-first.jpg") > _blue(workflow, "take-1-first.jpg") + 15
    assert _opened(again, "MARA, front.jpg").tobytes() == _opened(workflow, "MARA, front.jpg").tobytes()  # reused
    for gone, left in ((workflow, {mine, style}), (again, set[str]())):
        Workflow.objects.get(pk=gone.pk).delete()
        assert {str(each.pk) for each in Picture.objects.all()} == left
        assert all(artifact_storage().exists(f"{each}/picture.jpg") is (each in left) for each in (mine, style))


def run_until(run: Run, workflow: Workflow, step: str) -> None:
    """Performs attempts until a task of the step is done, and cancels what is left."""
    while not workflow.tasks.filter(step=step, state="completed").exists():
        assert run(1) == 1, list(workflow.tasks.exclude(error=None).values_list("key", "error"))
    coordinator.control(workflow=workflow, by=workflow.owner, action="cancel")


def _opened(workflow: Workflow, name: str) -> Image.Image:
    return Image.open(
        Artifact.objects.filter(workflow=workflow, name=name).order_by("created_at")[0].file.path
    ).convert("RGB")


def _green(workflow: Workflow, name: str) -> Image.Image:
    """White where the picture has the colour of the face."""
    red, green, blue = _opened(workflow, name).split()
    return ImageChops.subtract(green, ImageChops.lighter(red, blue)).point([255 * (value > 25) for value in range(256)])


def _blue(workflow: Workflow, name: str) -> float:
    """How much more blue it is than anything else."""
    red, green, blue = ImageStat.Stat(_opened(workflow, name)).mean
    return float(blue - (red + green) / 2)


@pytest.mark.django_db
def test_a_picture_that_no_workflow_uses_goes_after_a_day(crew: None, alice: User, as_user: AsUser) -> None:
    api = as_user(alice)
    used, unused, young = (brought(api) for _ in range(3))
    assert api.post("/api/workflows/", film(face(used)), "json").status_code == 201
    Picture.objects.exclude(pk=young).update(created_at=timezone.now() - timedelta(days=1, seconds=1))
    pictures.remove_unused()
    assert {str(picture.pk) for picture in Picture.objects.all()} == {used, young}
    assert not artifact_storage().exists(f"{unused}/picture.jpg")


def test_a_task_gets_only_the_pictures_of_its_own_workflow(
    crew: None, alice: User, as_user: AsUser, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []
    mine, other = brought(as_user(alice)), brought(as_user(alice))
    monkeypatch.setattr("agents.crew.script_planner.ScriptPlanner.perform", _fetching(mine, other, fetched))
    as_user(alice).post("/api/workflows/", film(face(mine)), "json")
    run(1)
    assert fetched == [mine]


def _fetching(mine: str, other: str, fetched: list[str]) -> Callable[..., object]:
    def perform(_agent: object, job: Job) -> object:
        assert job.fetch(mine).read_bytes()[:2] == b"\xff\xd8"
        fetched.append(mine)
        job.fetch(other)
        fetched.append(other)
        raise AgentError("It got a picture that is not its own.")

    return perform


@pytest.mark.django_db
def test_the_admin_lists_pictures_without_showing_them(alice: User, as_user: AsUser, admin_client: Client) -> None:
    mine = brought(as_user(alice))
    for address in ("/admin/workflows/picture/", f"/admin/workflows/picture/{mine}/change/"):
        page = admin_client.get(address).content.decode()
        assert mine in page
        assert "alice" in page
        assert "picture.jpg" not in page
