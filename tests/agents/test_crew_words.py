"""The five agents of the crew who work with words, each doing its jobs as the coordinator would hand them out."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.test import override_settings
from PIL import Image
from pypdf import PdfReader

from agents.animatic.film import Cast, Clip, Frames, Plan, SceneScript, Screenplay, Story, Storyboard
from agents.animatic.screenplays import parse
from agents.contract import Agent, AgentError, FolderJob, JobStopped
from agents.crew.character_extractor import CharacterExtractor
from agents.crew.screenwriter import Screenwriter
from agents.crew.script_enhancer import ScriptEnhancer
from agents.crew.script_planner import ScriptPlanner
from agents.crew.storyboard_artist import StoryboardArtist

WORDS_CREW: tuple[type[Agent], ...] = (
    ScriptPlanner,
    Screenwriter,
    ScriptEnhancer,
    CharacterExtractor,
    StoryboardArtist,
)
IDEA = "A lonely lighthouse keeper finds a message in a bottle."
SCRIPT = "INT. KITCHEN - NIGHT\n\nMARA (60s) sits.\n\nMARA\nWho is there?\n\nTOM (O.S.)\nOnly me."

MakeJob = Callable[[str, object], FolderJob]


@pytest.fixture
def job(tmp_path: Path) -> MakeJob:
    """A job with the input as plain JSON, whose artifacts are files under tmp_path/kept."""
    (tmp_path / "work").mkdir()
    (tmp_path / "kept").mkdir()

    def make(skill: str, given: object) -> FolderJob:
        return FolderJob(skill, msgspec.to_builtins(given), tmp_path / "work", tmp_path / "kept")

    return make


def planned(job: MakeJob, scenes: int = 2) -> Plan:
    plan = ScriptPlanner().perform(job("plan_idea", {"idea": IDEA, "scenes": scenes})).output
    assert isinstance(plan, Plan)
    return plan


def test_from_an_idea_to_the_storyboard(job: MakeJob, tmp_path: Path) -> None:
    plan = planned(job)
    story = Screenwriter().perform(job("write_story", {"idea": IDEA, "plan": plan})).output
    assert isinstance(story, Story)
    scenes = []
    for outline in story.outlines:
        outcome = Screenwriter().perform(job("write_scene", {"story": story, "outline": outline, "plan": plan}))
        assert isinstance(outcome.output, SceneScript)
        scenes.append(outcome.output)
    # The scenes may come back in any order: tasks run in parallel.
    screenplay = ScriptEnhancer().perform(job("enhance_script", {"title": story.title, "scenes": scenes[::-1]})).output
    assert isinstance(screenplay, Screenplay)
    assert [scene.setting for scene in screenplay.scenes] == [outline.setting for outline in story.outlines]
    cast = CharacterExtractor().perform(job("extract_characters", {"screenplay": screenplay})).output
    assert isinstance(cast, Cast)
    assert [character.name for character in cast.characters] == ["LIGHTHOUSE KEEPER"]  # nobody is invented
    board = (
        StoryboardArtist()
        .perform(job("draw_storyboard", {"scene": screenplay.scenes[0], "cast": cast, "plan": plan}))
        .output
    )
    assert isinstance(board, Storyboard)
    kept = (tmp_path / "kept" / "storyboard-storyboard.json").read_bytes()
    assert msgspec.json.decode(kept, type=Storyboard) == board


@pytest.fixture
def filmed(job: MakeJob) -> dict[str, Any]:
    """What a short film is printed from, four times over; its frames are `frame.jpg`."""
    plan = planned(job)
    screenplay = ScriptEnhancer().perform(job("enhance_script", {"title": "Who", "script": SCRIPT})).output
    assert isinstance(screenplay, Screenplay)
    cast = CharacterExtractor().perform(job("extract_characters", {"screenplay": screenplay})).output
    asked = {"scene": screenplay.scenes[0], "cast": cast, "plan": plan}
    board = StoryboardArtist().perform(job("draw_storyboard", asked)).output
    assert isinstance(board, Storyboard)
    frames = [Frames(shot=shot.id, first_artifact="frame.jpg") for shot in board.shots]
    clips = [Clip(shot=shot, artifact="clip.mp4", seconds=shot.seconds + 0.5) for shot in board.shots]
    return {"plan": plan, "screenplay": screenplay, "frames": frames, "clips": clips * 4}


def test_the_printed_storyboard_shows_every_shot_with_its_frame_camera_length_and_words(
    job: MakeJob, filmed: dict[str, Any], tmp_path: Path
) -> None:
    Image.new("RGB", (1280, 720), "#306090").save(tmp_path / "kept" / "frame.jpg")
    outcome = StoryboardArtist().perform(job("print_storyboard", filmed))
    clips = filmed["clips"]
    assert outcome.message == f"{len(clips)} shots printed"
    pages = PdfReader(tmp_path / "kept" / "storyboard-storyboard.pdf").pages
    assert len(pages) == math.ceil(len(clips) / 6)
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for clip in clips:
        assert text.count(f"{clip.shot.id} INT. KITCHEN - NIGHT") == 4
        assert f"{clip.seconds:.1f} s" in text
    assert "MARA: Who is there?" in text
    assert "TOM (O.S.): Only me." in text
    assert all(page.images for page in pages)


def test_a_frame_that_is_no_picture_is_not_printed(job: MakeJob, filmed: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "kept" / "frame.jpg").write_text("not a picture")
    with pytest.raises(AgentError, match="no picture"):
        StoryboardArtist().perform(job("print_storyboard", filmed))


def test_the_plan_of_a_script_counts_its_scenes(job: MakeJob) -> None:
    outcome = ScriptPlanner().perform(job("plan_script", {"script": SCRIPT, "requirement": "funny", "style": "ink"}))
    plan = outcome.output
    assert isinstance(plan, Plan)
    assert (plan.scenes, plan.tone, plan.style, plan.requirement, plan.place) == (1, "funny", "ink", "funny", "Kitchen")
    assert "1 scene" in outcome.message
    assert "1 scenes" not in outcome.message


def test_the_kept_screenplay_reads_back_as_the_same_screenplay(job: MakeJob, tmp_path: Path) -> None:
    outcome = ScriptEnhancer().perform(job("enhance_script", {"title": "Who", "script": SCRIPT}))
    assert parse((tmp_path / "kept" / "script-screenplay.fountain").read_text()) == outcome.output
    assert outcome.message == "1 scene, 2 lines of dialogue"


@pytest.mark.parametrize("agent", WORDS_CREW)
def test_an_unknown_skill_is_refused_for_good(agent: type[Agent], job: MakeJob) -> None:
    with pytest.raises(AgentError, match="does not know the skill juggle") as refusal:
        agent().perform(job("juggle", {}))
    assert not refusal.value.retryable


@pytest.mark.parametrize("agent", WORDS_CREW)
def test_an_input_that_does_not_fit_is_refused_for_good(agent: type[Agent], job: MakeJob) -> None:
    for skill in agent.skills:
        with pytest.raises(AgentError, match="does not fit") as refusal:
            agent().perform(job(skill.id, {"nonsense": 1}))
        assert not refusal.value.retryable


@pytest.mark.parametrize("agent", WORDS_CREW)
def test_everybody_introduces_themselves_and_is_ready_offline(agent: type[Agent]) -> None:
    assert agent.name.replace("_", "") == agent.__name__.lower()
    assert agent.description.endswith(".")
    for skill in agent.skills:
        assert skill.input_schema["$defs"]
        assert skill.output_schema["$defs"]
    assert agent().missing() == ""


@override_settings(STUDIO_TEXT="openai", OPENAI_API_KEY="")
@pytest.mark.parametrize("agent", WORDS_CREW)
def test_what_the_studio_lacks_the_agent_lacks(agent: type[Agent]) -> None:
    assert "OPENAI" in agent().missing()


def test_progress_is_reported_in_words_and_never_runs_backwards(job: MakeJob) -> None:
    plan = planned(job)
    writing = job("write_story", {"idea": IDEA, "plan": plan})
    Screenwriter().perform(writing)
    fractions = [fraction for fraction, _ in writing.reported]
    assert fractions == sorted(fractions)
    assert all(0 <= fraction <= 1 for fraction in fractions)
    assert "Outlining scene 2" in [message for _, message in writing.reported]


def test_a_job_that_was_stopped_stops(job: MakeJob) -> None:
    stopped = job("plan_idea", {"idea": IDEA})
    stopped.is_stopped = True
    with pytest.raises(JobStopped):
        ScriptPlanner().perform(stopped)


def test_a_film_without_characters_is_described_so(job: MakeJob) -> None:
    screenplay = parse("EXT. SEA - DAY\n\nWaves.")
    assert (
        CharacterExtractor().perform(job("extract_characters", {"screenplay": screenplay})).message
        == "Nobody is in this film"
    )


def test_the_screenplay_is_kept_for_final_draft_too(job: MakeJob, tmp_path: Path) -> None:
    outcome = ScriptEnhancer().perform(job("enhance_script", {"title": "Who", "script": SCRIPT}))
    assert parse((tmp_path / "kept" / "script-screenplay.fdx").read_text()) == outcome.output
    assert not (tmp_path / "kept" / "script-script-notes.txt").exists()


def test_only_the_chosen_scenes_are_planned_and_written(job: MakeJob) -> None:
    given = {"script": f"{SCRIPT}\n\nEXT. YARD - DAY\n\nRain.\n\nEXT. ROAD - DAY\n\nDust.", "selection": "2-3"}
    plan = ScriptPlanner().perform(job("plan_script", given)).output
    screenplay = ScriptEnhancer().perform(job("enhance_script", {"title": "", **given})).output
    assert isinstance(plan, Plan)
    assert isinstance(screenplay, Screenplay)
    assert plan.scenes == 2
    assert [(scene.number, scene.label) for scene in screenplay.scenes] == [(1, "2"), (2, "3")]


def test_what_could_not_be_read_is_in_the_message_and_kept(job: MakeJob, tmp_path: Path) -> None:
    outcome = ScriptEnhancer().perform(
        job("enhance_script", {"title": "Who", "script": f"{SCRIPT}\n\nTOM\n\nINT.\n\nX."})
    )
    assert outcome.message == (
        "2 scenes, 2 lines of dialogue. Line 11: “TOM” is named as the one who speaks, but says nothing: "
        "it is read as action. (1 more in script-notes.txt)"
    )
    kept = (tmp_path / "kept" / "script-script-notes.txt").read_text()
    assert [line.partition(":")[0] for line in kept.splitlines()] == ["Line 11", "Line 13"]
