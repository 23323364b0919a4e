"""Makes one film over the API."""

import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.server import Server

SECONDS = 600.0  # that a film may take
POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Made:
    """A film and its captions as files; how long it took from the request to its end."""

    title: str
    video: Path
    captions: Path
    made_in_seconds: float


def made(server: Server, pipeline: str, given: dict[str, Any], *, folder: Path) -> Made:
    """The finished film, in `folder`.

    Raises: SystemExit when it does not get made.
    """
    folder.mkdir(parents=True)
    head = {"Authorization": f"Bearer {server.token()}"}
    with closing(httpx2.Client(base_url=server.url, headers=head, timeout=60, trust_env=False)) as client:
        started = time.monotonic()
        answer = client.post("/api/workflows/", json={"pipeline": pipeline, "input": given}).raise_for_status()
        film = _ended(client, f"/api/workflows/{answer.json()['id']}/")
        made_in = time.monotonic() - started
        files = {artifact["kind"]: artifact["url"] for artifact in film["artifacts"]}
        for kind, name in (("video", "film.mp4"), ("captions", "captions.vtt")):
            (folder / name).write_bytes(client.get(files[kind]).raise_for_status().content)
        return Made(film["title"], folder / "film.mp4", folder / "captions.vtt", made_in)


def _ended(client: httpx2.Client, address: str) -> dict[str, Any]:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        film: dict[str, Any] = client.get(address).raise_for_status().json()
        if film["state"] == "completed":
            return film
        if film["state"] in ("failed", "cancelled"):
            raise SystemExit(f"{film['title']}: {film['error'] or film['state']}")
        time.sleep(POLL_SECONDS)
    raise SystemExit(f"{address} took longer than {SECONDS:.0f} s.")
