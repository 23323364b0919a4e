"""The four agents that make and choose pictures, through the door that the coordinator uses."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image, ImageFilter

from agents.animatic.film import Candidates, Choice, Frames, Look, Portraits, References
from agents.contract import Agent, AgentError, FolderJob, JobStopped, UnusableInput
from agents.crew.best_image_selector import BestImageSelector, measure
from agents.crew.camera_image_generator import CameraImageGenerator
from agents.crew.character_portraits_generator import CharacterPortraitsGenerator
from agents.crew.reference_image_selector import ReferenceImageSelector
from agents.studio.offline import processes

LOOK = {
    "skin": "#e2b08c",
    "hair": "#4a2f22",
    "hair_style": "short",
    "top": "#c02020",
    "bottom": "#2f3648",
    "height": 1.0,
    "build": "average",
    "age": "adult",
    "outfit": "coat",
}
MARA = {"name": "MARA", "description": "", "look": LOOK}
TOM = {"name": "TOM", "description": "", "look": LOOK | {"top": "#20a040"}}
SHOT = {
    "id": "1.1",
    "scene": 1,
    "number": 1,
    "size": "medium",
    "angle": "eye_level",
    "move": "hold",
    "seconds": 4.0,
    "setting": {"place": "Beach", "interior": False},
    "description": "MARA walks.",
    "first_frame": "",
    "last_frame": "",
    "characters": ["MARA", "TOM"],
    "speaker": "MARA",
}


def portraits_of(character: dict[str, Any]) -> dict[str, Any]:
    name = character["name"].lower()
    return {"character": character} | {f"{view}_artifact": f"{name}-{view}" for view in ("front", "side", "back")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("work", "kept"):
        (tmp_path / name).mkdir()
    return tmp_path


def job_for(folder: Path, skill: str, **given: Any) -> FolderJob:
    return FolderJob(skill, msgspec.to_builtins(given), folder / "work", folder / "kept")


@pytest.fixture(scope="module", autouse=True)
def _process_pool_is_closed_at_the_end() -> Any:  # noqa: ANN401
    yield
    processes.close()


@pytest.mark.parametrize(
    "agent", [CharacterPortraitsGenerator(), ReferenceImageSelector(), CameraImageGenerator(), BestImageSelector()]
)
def test_the_agent_declares_its_skills_and_refuses_what_does_not_fit(agent: Agent, folder: Path) -> None:
    assert agent.missing() == ""
    assert agent.skills[0].input_schema["$ref"]
    with pytest.raises(AgentError, match="does not fit"):
        agent.perform(job_for(folder, agent.skills[0].id, nonsense=1))


def test_portraits_are_three_pictures_kept_as_artifacts(folder: Path) -> None:
    job = job_for(folder, "draw_portraits", character=MARA)
    drawn = CharacterPortraitsGenerator().perform(job).output
    assert isinstance(drawn, Portraits)
    assert drawn.character.look == msgspec.convert(LOOK, Look)
    assert {path.name for path in job.folder.iterdir()} == {
        "character-MARA, front.jpg",
        "character-MARA, side.jpg",
        "character-MARA, back.jpg",
    }
    with Image.open(job.fetch(drawn.back_artifact)) as picture:
        assert picture.size == (640, 800)
    fractions = [fraction for fraction, _ in job.reported]
    assert fractions == sorted(fractions)
    assert "Drawing MARA from the side" in {words for _, words in job.reported}


def test_a_stopped_job_draws_no_further(folder: Path) -> None:
    job = job_for(folder, "draw_portraits", character=MARA)
    job.is_stopped = True
    with pytest.raises(JobStopped):
        CharacterPortraitsGenerator().perform(job)
    assert not list(job.folder.iterdir())


@pytest.mark.parametrize(
    ("changes", "views"),
    [
        ({"size": "close_up"}, ["front", "front"]),
        ({"size": "medium"}, ["side", "side"]),
        ({"size": "medium", "angle": "over_the_shoulder"}, ["front", "back"]),
        ({"size": "wide", "characters": ["TOM"]}, ["front"]),
        ({"characters": ["MARA", "STRANGER"], "size": "close_up"}, ["front"]),
        ({"characters": ["MARA", "MARA"], "angle": "over_the_shoulder"}, ["back", "back"]),
    ],
)
def test_the_reference_shows_the_side_that_the_camera_sees(
    folder: Path, changes: dict[str, Any], views: list[str]
) -> None:
    job = job_for(folder, "select_references", shot=SHOT | changes, portraits=[portraits_of(TOM), portraits_of(MARA)])
    chosen = ReferenceImageSelector().perform(job).output
    assert isinstance(chosen, References)
    assert [reference.view for reference in chosen.references] == views
    assert all(reference.artifact.endswith(reference.view) for reference in chosen.references)


def test_the_camera_takes_each_variant_with_its_own_last_frame(folder: Path) -> None:
    (folder / "kept" / "mara").write_bytes(b"")
    references = {"shot": "1.1", "references": [{"character": MARA, "view": "front", "artifact": "mara"}]}
    job = job_for(folder, "shoot_frames", shot=SHOT, references=references)
    taken = CameraImageGenerator().perform(job).output
    assert isinstance(taken, Candidates)
    assert [(c.variant, c.position) for c in taken.candidates] == [(0, "first"), (0, "last"), (1, "first"), (1, "last")]
    sizes = set()
    for candidate in taken.candidates:
        with Image.open(job.fetch(candidate.artifact)) as picture:
            sizes.add(picture.size)
    assert sizes == {(1600, 900)}
    assert job.reported[-1][0] == 1.0


def test_the_camera_reports_a_missing_portrait(folder: Path) -> None:
    references = {"shot": "1.1", "references": [{"character": MARA, "view": "front", "artifact": "gone"}]}
    with pytest.raises(AgentError, match="missing"):
        CameraImageGenerator().perform(job_for(folder, "shoot_frames", shot=SHOT, references=references))


def drawing(path: Path, *, blur: float = 0.0, dim: float = 1.0) -> Path:
    """A picture with edges, tones and a middle."""
    picture = Image.radial_gradient("L").resize((960, 540))
    for number in range(24):
        picture.paste(40 + number * 8, (240 + number * 20, 120, 250 + number * 20, 420))
    picture.filter(ImageFilter.GaussianBlur(blur)).point([int(value * dim) for value in range(256)]).save(path)
    return path


def test_qualities_fall_when_a_picture_is_blurred_or_drowned(tmp_path: Path) -> None:
    crisp = measure(drawing(tmp_path / "crisp.png"))
    soft = measure(drawing(tmp_path / "soft.png", blur=9))
    dim = measure(drawing(tmp_path / "dim.png", dim=0.25))
    assert soft.sharpness < crisp.sharpness
    assert dim.contrast < crisp.contrast
    assert dim.brightness < crisp.brightness
    assert max(soft.total, dim.total) < crisp.total <= 1.0


def test_an_empty_picture_has_no_qualities_to_speak_of(tmp_path: Path) -> None:
    Image.new("L", (960, 540)).save(tmp_path / "black.png")
    assert measure(tmp_path / "black.png").total == 0.0


def candidates(folder: Path, *, lasts: bool = True) -> dict[str, Any]:
    drawing(folder / "kept" / "a.png", blur=9)
    drawing(folder / "kept" / "b.png")
    names = [("a.png", 0, "first"), ("b.png", 1, "first")]
    if lasts:
        (folder / "kept" / "la.png").write_bytes(b"last of a")
        (folder / "kept" / "lb.png").write_bytes(b"last of b")
        names += [("la.png", 0, "last"), ("lb.png", 1, "last")]
    return {"shot": "1.1", "candidates": [{"artifact": a, "variant": v, "position": p} for a, v, p in names]}


def test_the_best_take_is_kept_with_its_own_last_frame_and_its_scores(folder: Path) -> None:
    job = job_for(folder, "select_frames", shot=SHOT, candidates=candidates(folder))
    frames = BestImageSelector().perform(job).output
    assert isinstance(frames, Frames)
    assert job.fetch(frames.first_artifact).read_bytes() == (folder / "kept" / "b.png").read_bytes()
    assert job.fetch(frames.last_artifact).read_bytes() == b"last of b"
    assert (frames.first_artifact, frames.last_artifact) == ("frame-frame.png", "frame-last.png")
    assert 0 < frames.scores["total"] <= 1
    assert frames.scores["total"] == pytest.approx(measure(folder / "kept" / "b.png").total, abs=0.001)


def choice(folder: Path) -> Choice:
    """What was chosen, as people can read it."""
    return msgspec.json.decode((folder / "kept" / "choice-choice.json").read_bytes(), type=Choice)


def test_which_take_was_kept_and_how_good_each_is_can_be_read(folder: Path) -> None:
    job = job_for(folder, "select_frames", shot=SHOT, candidates=candidates(folder))
    frames = BestImageSelector().perform(job).output
    assert isinstance(frames, Frames)
    made = choice(folder)
    assert (made.shot, made.kept, made.is_asked_for) == ("1.1", 2, False)
    soft, crisp = made.takes
    assert (soft.take, crisp.take, crisp.scores) == (1, 2, frames.scores)
    assert soft.scores["total"] < crisp.scores["total"]


@pytest.mark.parametrize("picture", ["a.png", "la.png"], ids=["its first frame", "its last frame"])
def test_a_take_that_a_person_has_chosen_is_kept_though_another_one_is_better(folder: Path, picture: str) -> None:
    job = job_for(folder, "select_frames", shot=SHOT, candidates=candidates(folder), take=picture)
    outcome = BestImageSelector().perform(job)
    assert isinstance(outcome.output, Frames)
    assert job.fetch(outcome.output.first_artifact).read_bytes() == (folder / "kept" / "a.png").read_bytes()
    assert job.fetch(outcome.output.last_artifact).read_bytes() == b"last of a"
    assert (choice(folder).kept, choice(folder).is_asked_for) == (1, True)
    assert outcome.message == "Shot 1.1: take 1 of 2 chosen, as you chose"


def test_a_chosen_picture_that_is_no_take_of_the_shot_is_refused(folder: Path) -> None:
    job = job_for(folder, "select_frames", shot=SHOT, candidates=candidates(folder), take="portrait.png")
    with pytest.raises(UnusableInput, match="no take of shot"):
        BestImageSelector().perform(job)


def test_without_a_last_frame_there_is_none(folder: Path) -> None:
    job = job_for(folder, "select_frames", shot=SHOT, candidates=candidates(folder, lasts=False))
    frames = BestImageSelector().perform(job).output
    assert isinstance(frames, Frames)
    assert frames.last_artifact == ""


def test_a_shot_without_candidates_is_refused(folder: Path) -> None:
    with pytest.raises(AgentError, match="no first frame"):
        BestImageSelector().perform(
            job_for(folder, "select_frames", shot=SHOT, candidates={"shot": "1.1", "candidates": []})
        )


def test_a_candidate_that_is_no_picture_is_named(folder: Path) -> None:
    (folder / "kept" / "x.png").write_bytes(b"not a picture")
    broken = {"shot": "1.1", "candidates": [{"artifact": "x.png", "variant": 0, "position": "first"}]}
    with pytest.raises(AgentError, match=r"x\.png cannot be used: it is no PNG"):
        BestImageSelector().perform(job_for(folder, "select_frames", shot=SHOT, candidates=broken))
