"""The commands and programs of the documents, run as they stand there against a real server."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.cast import PASSWORD
from tests.docs.fences import Fence, fences
from tests.prepared_data import ROOT
from tests.samples import SHORT_SCRIPT
from tests.server import Server
from tests.workflows.test_crash import FILM_SECONDS

RUN: Final = ("sh", "python", "js", "nginx")  # the languages of blocks that are run here
SHORT: Final = f'"script2video", {{"script": {SHORT_SCRIPT!r}}}'  # takes a fourth of the time of an idea
STREAM_SECONDS: Final = 3  # of a film over A2A: that it begins is enough here


@pytest.fixture
def given(server: Server) -> Mapping[str, str]:
    """What the documents take for granted: a server, somebody who is signed in there, and a workflow of theirs."""
    with server.client("alice") as http:
        film = {"pipeline": "idea2video", "input": {"idea": "A baker waits for the last tram", "scenes": 1}}
        workflow = str(http.post("/api/workflows/", json=film).raise_for_status().json()["id"])
        http.post(f"/api/workflows/{workflow}/control/", json={"action": "cancel"}).raise_for_status()
    return {
        "CALLBOARD_URL": server.url,
        "CALLBOARD_TOKEN": server.token("alice"),
        "CALLBOARD_USER": "alice",
        "CALLBOARD_PASSWORD": PASSWORD,
        "WORKFLOW": workflow,
    }


def run(command: list[str], given: Mapping[str, str], folder: Path = ROOT) -> str:
    """What the command prints; it must succeed."""
    ran = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        timeout=FILM_SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def identified(language: str) -> pytest.MarkDecorator:
    """The blocks in this language that nothing else runs, as parameters."""
    found = fences(language, mark="")
    assert found
    return pytest.mark.parametrize("fence", [pytest.param(fence, id=str(fence)) for fence in found])


@identified("sh")
def test_a_command_of_the_documents_does_what_it_says(fence: Fence, given: Mapping[str, str]) -> None:
    script = fence.text.replace("curl -N", f"curl -sSfN --max-time {STREAM_SECONDS} --output -")
    is_stream = script != fence.text
    out = run(
        ["bash", "-euc", f"{{ {script.rstrip()}\n}} || [ $? = {28 if is_stream else 0} ]"], given
    )  # 28: its time is up
    assert '"token"' in out or "data:" in out


@pytest.mark.timeout(2 * FILM_SECONDS)
@identified("python")
def test_a_python_program_of_the_documents_runs(fence: Fence, given: Mapping[str, str], tmp_path: Path) -> None:
    program = re.sub(r'"idea2video", \{.*?\}', lambda _: SHORT, fence.text)
    program = program.replace("http://127.0.0.1:8000", given["CALLBOARD_URL"]).replace('"…"', repr(PASSWORD))
    out = run([sys.executable, "-c", program], {**given, "PYTHONPATH": str(ROOT / "clients" / "python")}, tmp_path)
    assert "film" in out or "completed" in out.lower()


@identified("nginx")
def test_a_configuration_of_nginx_is_one(fence: Fence, tmp_path: Path) -> None:
    nginx = shutil.which("nginx")
    if nginx is None:
        pytest.skip("there is no nginx here")
    configuration = tmp_path / "nginx.conf"
    text = fence.text.replace("listen 80", "listen 127.0.0.1:18080")
    configuration.write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}}\nhttp {{ access_log off;\n{text}\n}}\n"
    )
    run([nginx, "-t", "-q", "-c", str(configuration)], {})


# --- the client in JavaScript ----------------------------------------------------------------------------

DRIVER: Final = """
const [URL_, workflow, ...tokens] = process.argv.slice(2);
let handed = 0;
const getToken = async () => tokens[Math.min(handed++, tokens.length - 1)];
const seen = [];
watch(URL_.replace("http", "ws"), workflow, getToken, (message) => {
  seen.push(message.type);
  if (message.type === "subscribed") { console.log(JSON.stringify({ handed, seen })); process.exit(0); }
}, (reason) => { console.log(JSON.stringify({ handed, reason: String(reason) })); process.exit(3); });
"""


def watched_in_node(server: Server, folder: Path, workflow: str, *tokens: str) -> subprocess.CompletedProcess[str]:
    """The example in JavaScript watches a workflow; `tokens` are what its `getToken` gives, one after the other."""
    (example,) = fences("js", mark="")
    program = folder / "watch.mjs"
    program.write_text(example.text + DRIVER)
    command = ["node", "--experimental-websocket", "--no-warnings", str(program), server.url, workflow, *tokens]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_example_in_javascript_watches_a_workflow(server: Server, given: Mapping[str, str], tmp_path: Path) -> None:
    ran = watched_in_node(server, tmp_path, given["WORKFLOW"], given["CALLBOARD_TOKEN"])
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_example_in_javascript_ends_when_even_a_new_token_is_refused(
    server: Server, given: Mapping[str, str], tmp_path: Path
) -> None:
    ran = watched_in_node(server, tmp_path, given["WORKFLOW"], "dead")
    assert ran.returncode == 3, ran.stdout + ran.stderr
    assert '"handed":1' in ran.stdout
