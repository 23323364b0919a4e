"""Agents and pipelines of other packages: offered by entry points, or registered by an app of EXTRA_APPS."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest

from tests.fixtures.servers import installed
from tests.prepared_data import COMMAND_SECONDS, child_environment, manage
from tests.server import ROOT, Server
from tests.waiting import wait_for

TUNE = {"title": "Low tide", "mood": "calm", "key": "D", "seconds": 9, "drums": False}

BROKEN = {
    "pyproject.toml": """
        [build-system]
        requires = ["flit_core"]
        build-backend = "flit_core.buildapi"
        [project]
        name = "out-of-tune"
        version = "0.3"
        description = "Agents and pipelines that are none."
        [project.entry-points."callboard.agents"]
        absent = "out_of_tune:Absent"
        quitter = "out_of_tune.quitter:Quitter"
        function = "out_of_tune:an_agent"
        double = "out_of_tune:Double"
        unsound = "out_of_tune:Unsound"
        [project.entry-points."callboard.pipelines"]
        stray = "out_of_tune.recipes:STRAY"
        again = "out_of_tune.recipes:AGAIN"
    """,
    "out_of_tune/__init__.py": '''
        """Out of tune."""
        from agents.contract import Agent, Skill
        def an_agent(job):
            pass
        class Double(Agent):
            name = "screenwriter"
            description = "Would take the place of ours."
            skills = ()
            def perform(self, job):
                pass
        class Unsound(Double):
            name = "unsound"
            skills = (Skill("hum", "Hum", "Hums.", input_schema={"type": "tone"}, output_schema={}),)
    ''',
    "out_of_tune/quitter.py": """
        raise SystemExit("no piano")
    """,
    "out_of_tune/recipes.py": """
        from workflows.pipelines.base import Output, Pipeline, Step
        lost = Step("hum", stage="Hum", skill="hum", takes={"tune": Output("nowhere")}, seconds=1.0)
        STRAY = Pipeline("stray", "Stray", "Takes from nobody.", ("Hum",), (lost,), title_of=str)
        AGAIN = Pipeline("idea2video", "Again", "Would take the place of ours.", (), (), title_of=str)
    """,
}
ORCHESTRA = {
    "orchestra/__init__.py": "",
    "orchestra/apps.py": """
        from django.apps import AppConfig
        class OrchestraConfig(AppConfig):
            name = "orchestra"
            def ready(self):
                from agents import registry
                from orchestra.march import MARCH, Drummer
                from workflows import pipelines
                pipelines.register(MARCH)
                registry.register(Drummer())
    """,
    "orchestra/march.py": """
        from agents.contract import Agent, Outcome, Skill
        from workflows.pipelines.base import Given, Pipeline, Step
        ANYTHING = {"type": "object"}
        class Drummer(Agent):
            name = "drummer"
            description = "Counts the beats."
            skills = (Skill("drum", "Drum", "Drums.", input_schema=ANYTHING, output_schema=ANYTHING),)
            def perform(self, job):
                return Outcome({"beats": 4 * job.input["bars"]})
        bars = {"type": "object", "properties": {"bars": {"type": "integer", "minimum": 1}}, "required": ["bars"]}
        drum = Step("drum", stage="Drum", skill="drum", takes={"bars": Given("bars")}, seconds=1.0)
        MARCH = Pipeline("march", "March", "Bars", ("Drum",), (drum,), title_of=lambda given: "March", input_schema=bars)
    """,
}


def written(files: dict[str, str], folder: Path) -> Path:
    """The folder, with these files in it; their first indentation is dropped."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        indent = len(text) - len(text.lstrip()) - 1
        path.write_text(re.sub(rf"(?m)^ {{{indent}}}", "", text) if text else "")
    return folder


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a package is installed whose entry points are all broken."""
    return installed(written(BROKEN, tmp_path_factory.mktemp("source")), tmp_path_factory.mktemp("broken"))


@pytest.fixture(scope="module")
def orchestra(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a Django app is that registers an agent and a pipeline by itself."""
    return written(ORCHESTRA, tmp_path_factory.mktemp("orchestra"))


@pytest.fixture(scope="module")
def extended(
    tmp_path_factory: pytest.TempPathFactory, composer: Path, broken: Path, orchestra: Path
) -> Iterator[Server]:
    """A server where all three are installed."""
    environment = {"PYTHONPATH": os.pathsep.join(map(str, (composer, broken, orchestra))), "EXTRA_APPS": "orchestra"}
    with Server(tmp_path_factory.mktemp("extended"), environment) as server:
        yield server


def made(server: Server, pipeline: str, given: dict[str, Any]) -> dict[str, Any]:
    """The finished workflow."""
    with server.client("alice") as http:
        created = http.post("/api/workflows/", json={"pipeline": pipeline, "input": given}).raise_for_status().json()
        snapshot: dict[str, Any] = {}

        def is_over() -> bool:
            snapshot.update(http.get(f"/api/workflows/{created['id']}/").raise_for_status().json())
            return snapshot["finished_at"] is not None

        wait_for(is_over)
    assert snapshot["state"] == "completed", snapshot["error"]
    return snapshot


def test_the_pipeline_of_an_installed_package_makes_a_piece_of_music(extended: Server, tmp_path: Path) -> None:
    tune = made(extended, "tune", TUNE)
    assert tune["title"] == "Low tide"
    assert sorted(artifact["name"] for artifact in tune["artifacts"]) == [
        *("bass.wav", "chords.wav", "lead-sheet.txt", "melody.wav", "tune.m4a")
    ]
    file = next(artifact for artifact in tune["artifacts"] if artifact["name"] == "tune.m4a")
    assert (file["kind"], file["media_type"]) == ("audio", "audio/mp4")
    with extended.client("alice") as http:
        answer = http.get(file["url"]).raise_for_status()
    assert answer.headers["Content-Type"] == "audio/mp4"
    assert answer.headers["Content-Disposition"].startswith("inline")
    path = tmp_path / "tune.m4a"
    path.write_bytes(answer.content)
    assert heard_seconds(path) == pytest.approx(TUNE["seconds"], abs=0.2)


def heard_seconds(path: Path) -> float:
    """How long the sound in the file is, decoded to its end."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-hide_banner",
        "-nostats",
        "-xerror",
        "-i",
        str(path),
        "-progress",
        "-",
    ]
    ran = subprocess.run([*command, "-f", "null", os.devnull], capture_output=True, text=True, check=True, timeout=60)
    return int(re.findall(r"out_time_us=(\d+)", ran.stdout)[-1]) / 1_000_000


def test_an_app_of_EXTRA_APPS_registers_an_agent_and_a_pipeline_by_itself(extended: Server) -> None:  # noqa: N802
    march = made(extended, "march", {"bars": 2})
    assert [task["agent"] for stage in march["stages"] for task in stage["tasks"]] == ["drummer"]


def test_what_is_installed_is_listed_beside_what_is_built_in(extended: Server) -> None:
    with extended.client("olga") as http:
        pipelines = http.get("/api/pipelines/").raise_for_status().json()
        agents = {agent["agent_name"] for agent in http.get("/api/agents/").raise_for_status().json()}
    assert {row["name"]: row["lacks"] for row in pipelines} == {
        name: [] for name in ("idea2video", "script2video", "novel2video", "tune", "march")
    }
    assert {"composer", "drummer", "screenwriter"} <= agents
    assert "unsound" not in agents


def test_a_broken_entry_point_is_logged_with_its_name_and_package_and_stops_nothing(extended: Server) -> None:
    printed = extended.output()
    for name in ("absent", "quitter", "function", "double", "unsound", "stray", "again"):
        assert re.search(rf"The entry point '{name}' \(callboard\.\w+\) of out-of-tune 0\.3 cannot be used", printed)


def test_the_system_check_says_what_is_broken_why_and_what_to_do(broken: Path, tmp_path: Path) -> None:
    checked = manage(tmp_path, "check", PYTHONPATH=str(broken))
    assert checked.returncode == 0, checked.stderr
    for name, reason in (
        ("absent", "AttributeError: module 'out_of_tune' has no attribute 'Absent'"),
        ("quitter", "SystemExit: no piano"),
        ("function", "TypeError: .* is no agents.contract.Agent."),
        ("double", "ValueError: there is an agent 'screenwriter' already."),
        ("unsound", "ValueError: .*type of a schema is wrong: 'tone' is not valid"),
        ("stray", "PipelineBroken: stray, step hum: takes from nowhere, which is no step."),
        ("again", "ValueError: there is a pipeline 'idea2video' already."),
    ):
        assert re.search(
            rf"callboard\.W001\) The entry point '{name}' .*of out-of-tune 0\.3 .*: {reason}", checked.stderr
        )
    assert "uninstall it" in checked.stderr


def test_the_tests_of_the_example_pass_in_its_own_folder(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=ROOT / "examples" / "composer",
        env=child_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
