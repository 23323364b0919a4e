"""The whole crew with an AI provider: from an idea to a film, every skill of every agent, over real HTTP."""

from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pytest_django import Settings

from agents import registry
from agents.animatic import film
from agents.animatic.screenplays.reading import parse
from agents.contract import Agent, FolderJob
from agents.studio.openai import video
from tests.agents.openai_server import KEY, Provider


class Production:
    """Hands one job after the other to the crew; all artifacts lie in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: set[str] = set()
        self.done: list[str] = []
        self._numbers = count()

    def do(self, skill_id: str, **wish: object) -> Any:  # noqa: ANN401 - what the skill gives
        """Performs the skill, as the coordinator would: plain JSON in, the skill's own type out."""
        agent = next(agent for agent in registry.registered() if any(skill.id == skill_id for skill in agent.skills))
        number = next(self._numbers)
        workdir = self.folder / f"work-{number}"
        workdir.mkdir()
        job = _ProductionJob(
            skill=skill_id,
            input=msgspec.to_builtins(wish),
            workdir=workdir,
            folder=self.folder,
            production=self,
            number=number,
        )
        outcome = agent.perform(job)
        assert isinstance(outcome.output, agent.skill(skill_id).gives or ())
        assert job.reported
        self.done.append(skill_id)
        return outcome.output

    def path(self, artifact: str) -> Path:
        """Where an artifact lies."""
        return self.folder / artifact


class _ProductionJob(FolderJob):
    def __init__(self, *, production: Production, number: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._production, self._number = production, number

    def keep(self, path: Path, *, name: str, kind: str, media_type: str) -> str:
        self._production.names.add(name)
        return super().keep(path, name=f"{self._number}-{name}", kind=kind, media_type=media_type)


@pytest.fixture
def production(provider: Provider, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Production:
    """A crew that works with the provider for everything."""
    settings.STUDIO_TEXT = settings.STUDIO_IMAGES = settings.STUDIO_VIDEO = settings.STUDIO_SPEECH = "openai"
    monkeypatch.setattr(video, "POLL_SECONDS", 0.02)
    return Production(tmp_path)


def test_the_crew_makes_a_film_of_an_idea_with_every_skill(production: Production, provider: Provider) -> None:
    do = production.do
    plan = do("plan_idea", idea="A keeper waits for a boat.", requirement="hope", style="ink", scenes=1)
    story = do("write_story", idea="A keeper waits for a boat.", plan=plan)
    scenes = [do("write_scene", story=story, outline=outline, plan=plan) for outline in story.outlines]
    screenplay = do("enhance_script", title=plan.title, scenes=scenes)
    cast = do("extract_characters", screenplay=screenplay, style=plan.style)
    portraits = [do("draw_portraits", character=character, style=plan.style) for character in cast.characters]
    shots = [
        shot for scene in screenplay.scenes for shot in do("draw_storyboard", scene=scene, cast=cast, plan=plan).shots
    ]
    speeches = [do("speak", shot=shot, cast=cast, plan=plan) for shot in shots]
    clips = [
        _film(production, shot, portraits, plan.style, speech) for shot, speech in zip(shots, speeches, strict=True)
    ]
    made = do("edit_video", plan=plan, screenplay=screenplay, cast=cast, clips=clips, speeches=speeches)

    assert production.path(made.video_artifact).read_bytes()[4:8] == b"ftyp"
    captions = production.path(made.captions_artifact).read_text()
    assert captions.index("Who is there, 1?") < captions.index("Only me!")
    assert {"screenplay.fountain", "storyboard.json", "clip.mp4", "captions.vtt"} <= production.names
    assert {seen.path for seen in provider.seen} >= {
        "/chat/completions",
        "/images/generations",
        "/images/edits",
        "/videos",
        "/audio/speech",
    }
    assert {seen.headers["Authorization"] for seen in provider.seen} == {f"Bearer {KEY}"}
    assert len(clips) >= 2


def _film(
    production: Production, shot: film.Shot, portraits: list[film.Portraits], style: str, speech: film.Speech
) -> film.Clip:
    references = production.do("select_references", shot=shot, portraits=portraits)
    candidates = production.do("shoot_frames", shot=shot, references=references, style=style)
    frames = production.do("select_frames", shot=shot, candidates=candidates)
    clip: film.Clip = production.do("make_clip", shot=shot, frames=frames, style=style, speech=speech)
    return clip


def test_the_crew_plans_a_given_script_and_keeps_its_lines(production: Production) -> None:
    script = "INT. LIGHTHOUSE - NIGHT\n\nMARA\nWho is there?\n\nPIP\nOnly me!\n"
    plan = production.do("plan_script", script=script)
    screenplay = production.do("enhance_script", title=plan.title, script=script)
    assert plan.scenes == 1
    spoken = [(e.character, e.text) for e in screenplay.scenes[0].elements if e.kind == "dialogue"]
    assert spoken == [(e.character, e.text) for e in parse(script).scenes[0].elements if e.kind == "dialogue"]


def _agents() -> list[Agent]:
    return [agent for agent in registry.registered() if agent.name != "shouter"]


@pytest.mark.parametrize("agent", _agents(), ids=lambda agent: agent.name)
def test_every_agent_has_schemas_that_the_world_can_read(agent: Agent) -> None:
    for skill in agent.skills:
        assert skill.input_schema["$defs"]
        assert skill.output_schema["$defs"]
        assert skill.name
        assert skill.description


@pytest.mark.django_db
def test_a_missing_key_is_reported_before_any_work_begins(settings: Settings) -> None:
    settings.STUDIO_TEXT = settings.STUDIO_IMAGES = settings.STUDIO_VIDEO = "openai"
    settings.OPENAI_API_KEY, settings.OPENAI_TEXT_MODEL = "", "text"
    settings.OPENAI_IMAGE_MODEL, settings.OPENAI_VIDEO_MODEL = "", "video"
    assert registry.missing_for(["plan_idea", "draw_portraits", "make_clip", "edit_video"]) == [
        "OPENAI_API_KEY is not set.",
        "OPENAI_API_KEY is not set. OPENAI_IMAGE_MODEL is not set.",
    ]
