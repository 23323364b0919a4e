"""Records what a release leaves behind in the middle of its work: python -m tests.upgrades.record CHECKOUT NAME.tar.gz

CHECKOUT is a folder with that release (`git archive`), whose requirements this Python has. Its server starts two films, one of
which is paused while the other draws, and is then killed. The archive has the database and the artifacts of that moment.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2

from tests.samples import SHORT_SCRIPT

PASSWORD = "the show must go on"  # as in tests.cast, which needs Django
PORT = 18_990
START_SECONDS, FILM_SECONDS = 60, 300
DRAWN = "references/"  # the first pictures: few files by then, much still to do


def main(checkout: str, archive: str) -> None:
    """Lets the release work, kills it, packs what is there."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATA_DIR": folder,
            "PORT": str(PORT),
            "CALLBOARD_ADMIN_PASSWORD": PASSWORD,
            "DJANGO_SETTINGS_MODULE": "project.settings",
        }
        Path(folder, "logs").mkdir()
        with subprocess.Popen([sys.executable, "-m", "script.serve"], cwd=checkout, env=environment) as server:
            try:
                start_films(f"http://127.0.0.1:{PORT}")
            finally:
                server.send_signal(signal.SIGKILL)
        pack(Path(folder), Path(archive))


def start_films(url: str) -> None:
    """Starts both; returns when one is paused, and the other has its first pictures."""
    with httpx2.Client(base_url=url, timeout=40, trust_env=False) as api:
        wait_for_an_answer(api)
        who = {"username": "admin", "password": PASSWORD}
        token = api.post("/api/auth/token/", json=who).raise_for_status().json()["access"]
        api.headers["Authorization"] = f"Bearer {token}"
        paused = start_film(api)
        wait_for_task(api, paused, "storyboard/")
        api.post(f"/api/workflows/{paused}/control/", json={"action": "pause", "mode": "now"}).raise_for_status()
        wait_for_task(api, start_film(api), DRAWN)


def start_film(api: httpx2.Client) -> str:
    """Starts one; returns its id."""
    film: dict[str, Any] = {"pipeline": "script2video", "input": {"script": SHORT_SCRIPT}}
    return str(api.post("/api/workflows/", json=film).raise_for_status().json()["id"])


def give_up_after(started: float, seconds: float) -> None:
    """Ends the waiting when it has been too long."""
    if time.monotonic() - started > seconds:
        sys.exit("It did not come in time.")


def wait_for_an_answer(api: httpx2.Client) -> None:
    """Returns when the server answers."""
    started = time.monotonic()
    while True:
        try:
            api.get("/healthz").raise_for_status()
        except httpx2.HTTPError:
            give_up_after(started, START_SECONDS)
            time.sleep(0.2)
        else:
            return


def wait_for_task(api: httpx2.Client, workflow: str, key: str) -> None:
    """Returns when the first task whose key begins so has finished."""
    started, after = time.monotonic(), 0
    while True:
        give_up_after(started, FILM_SECONDS)
        answer = api.get(f"/api/workflows/{workflow}/events/", params={"after": after, "wait": 25})
        for event in answer.raise_for_status().json()["events"]:
            after = event["seq"]
            if event["kind"] == "task_finished" and event["data"]["task"].startswith(key):
                return


def pack(data_dir: Path, archive: Path) -> None:
    """The database as one file, and the artifacts."""
    with sqlite3.connect(data_dir / "callboard.sqlite3") as database:  # reads the -wal that was left
        database.execute("VACUUM INTO ?", [str(data_dir / "packed")])
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(data_dir / "packed", "callboard.sqlite3")
        tar.add(data_dir / "media", "media")


if __name__ == "__main__":
    main(*sys.argv[1:])
