"""The commands and programs of the documents, run as they stand there against a real server."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.cast import PASSWORD
from tests.docs.fences import Fence, fences
from tests.prepared_data import FRONTEND_DIST, ROOT
from tests.realtime.sample_server import SampleServer
from tests.samples import SHORT_SCRIPT
from tests.server import Server
from tests.workflows.test_crash import FILM_SECONDS

RUN: Final = ("sh", "python", "js", "ts", "tsx")  # the languages of blocks that are run here
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
    assert "$CALLBOARD_URL" in fence.text, (
        "Only requests to a server are run here. Say who runs this: tests/docs/fences.py"
    )
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


# --- the client in JavaScript ----------------------------------------------------------------------------

DRIVER: Final = """
const [address, workflow, username, password, wanted] = process.argv.slice(2);
const headers = { "Content-Type": "application/json" };
let handed = 0;
const getToken = async () => {
  handed += 1;
  if (!username) return "dead";
  const answer = await fetch(`${address}/api/auth/token/`, { method: "POST", headers, body: JSON.stringify({ username, password }) });
  return (await answer.json()).access;
};
const end = (code, reason) => { console.log(JSON.stringify({ handed, reason })); process.exit(code); };
const onMessage = ({ type }) => { if (type === wanted) end(0, type); };
watch(address.replace("http", "ws"), workflow, getToken, onMessage, (reason) => end(3, String(reason)));
"""


def watched_in_node(server: Server, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The example in JavaScript watches a workflow: its id, username, password, and the message with which to end."""
    (example,) = fences("js", mark="")
    program = folder / "watch.mjs"
    program.write_text(example.text + DRIVER)
    command = ["node", "--experimental-websocket", "--no-warnings", str(program), server.url, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_example_in_javascript_ends_when_even_a_new_token_is_refused(
    server: Server, given: Mapping[str, str], tmp_path: Path
) -> None:
    ran = watched_in_node(server, tmp_path, given["WORKFLOW"], "", "", "subscribed")
    assert ran.returncode == 3, ran.stdout + ran.stderr
    assert '"handed":1' in ran.stdout


def test_the_example_in_javascript_renews_its_token_over_the_open_socket(tmp_path: Path) -> None:
    with SampleServer(tmp_path, environment={"ACCESS_TOKEN_SECONDS": "2"}) as server:
        workflow = server.create_workflow("alice")
        ran = watched_in_node(server, tmp_path, workflow, "alice", PASSWORD, "authenticated")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (
        json.loads(ran.stdout)["handed"] >= 2
    )  # more, where the machine is so busy that a token is too old to connect


# --- TypeScript ------------------------------------------------------------------------------------------

# What the examples take for granted.
GLOBALS: Final = """
declare const id: string, WORKFLOW_ID: string, WORKFLOW_TOKEN: string;
declare const root: import("react-dom/client").Root;
declare const useEffect: typeof import("react").useEffect;
declare const useWebSocket: typeof import("@callboard/react").useWebSocket;
"""


def test_the_examples_in_typescript_have_no_wrong_types(tmp_path: Path) -> None:
    built = FRONTEND_DIST.parent
    if not (built / "node_modules" / "typescript").is_dir():
        pytest.skip(f"no packages in {built}: script/setup installs them")
    for number, example in enumerate(fences("ts", "tsx", mark="")):
        (tmp_path / f"example{number}.tsx").write_text(example.text + "export {};\n")
    options = {"types": ["vite/client"], "noUnusedLocals": False}
    settings = {"extends": str(built / "tsconfig.json"), "compilerOptions": options, "include": ["*"]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(settings))
    (tmp_path / "globals.d.ts").write_text(GLOBALS)
    (tmp_path / "node_modules").symlink_to(built / "node_modules")
    run([str(built / "node_modules" / ".bin" / "tsc"), "-p", str(tmp_path)], {}, tmp_path)
