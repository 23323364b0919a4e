"""The client for asynchronous programs: one method for each thing that a server of Callboard does for programs."""

import asyncio
import math
import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Final, Self, cast
from uuid import uuid4

import httpx2

from callboard_client import downloads
from callboard_client.errors import CallboardError, Unreachable, refusal_of
from callboard_client.follower import Follower
from callboard_client.session import Session
from callboard_client.types import (
    Action,
    Artifact,
    ControlAnswer,
    EventsPage,
    Export,
    Json,
    May,
    Page,
    Snapshot,
    WorkflowToken,
)

TIMEOUT_SECONDS: Final = 30.0
POLL_SECONDS: Final = 25.0  # the longest that the server lets a request wait for news
NO_EVENTS: Final = 2**62  # after this seq there are none: the answer says how far the log goes


class AsyncClient:
    """A client of the server at `url` ("https://callboard.example.org"), to be used in an `async with` block.

    With a `token` (an access token, or one for a single workflow), or with a name and a password: then it signs in, renews
    that by itself, and signs out at the end. Every method raises Refused when the server says no, and Unreachable.
    """

    def __init__(
        self, url: str, *, token: str = "", username: str = "", password: str = "", timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self.url = url.rstrip("/")
        self._timeout = timeout
        self._http = httpx2.AsyncClient(base_url=self.url, timeout=timeout)
        self.session = Session(self._http, token=token, username=username, password=password)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Signs out, where it has signed in, and closes the connections."""
        try:
            await self.session.end()
        except CallboardError:  # it ends by itself
            pass
        finally:
            await self._http.aclose()

    # --- what there is ------------------------------------------------------------------------------

    async def pipelines(self) -> list[Json]:
        """The recipes, each with the JSON Schema of its input."""
        return cast(list[Json], await self._ask("GET", "/api/pipelines/"))

    async def workflows(self, *, state: Iterable[str] = (), page: int = 1) -> Page:
        """A page of the workflows that you may see, the newest first."""
        query = {"state": list(state), "page": page}
        return cast(Page, await self._ask("GET", "/api/workflows/", params=query))

    async def snapshot(self, workflow_id: str) -> Snapshot:
        """All of a workflow as it is now."""
        return cast(Snapshot, await self._ask("GET", f"/api/workflows/{workflow_id}/"))

    async def events(self, workflow_id: str, *, after: int = 0, wait: float = 0.0) -> EventsPage:
        """The events after a seq; waits for news for up to `wait` seconds (25 at most)."""
        wait = min(wait, POLL_SECONDS)
        query, seconds = {"after": after, "wait": wait}, self._timeout + wait
        path = f"/api/workflows/{workflow_id}/events/"
        return cast(EventsPage, await self._ask("GET", path, params=query, seconds=seconds))

    def follow(
        self, workflow_id: str, snapshot: Snapshot | None = None, *, patience_seconds: float = math.inf
    ) -> AsyncGenerator[Snapshot, None]:
        """The workflow, each time that something is new, until it is over; the same object, brought up to date.

        With a `snapshot` from before it goes on from there. Connects again for as long as it takes, and polls where sockets
        are blocked; raises Refused when there is no use in that, and Unreachable when the server has been out of
        reach for `patience_seconds`.
        """
        return Follower(self, workflow_id, snapshot, patience_seconds).snapshots()

    # --- what can be done ---------------------------------------------------------------------------

    async def create(self, pipeline: str, given: Json) -> str:
        """Starts a workflow; its id."""
        body = await self._ask("POST", "/api/workflows/", json={"pipeline": pipeline, "input": given})
        return str(body["id"])

    async def rerun(self, workflow_id: str, from_task: str, given: Json | None = None) -> str:
        """A new workflow that does a task, and what depends on it, again; with another input if one is given. Its id."""
        body = {"from": from_task, **({} if given is None else {"input": given})}
        return str((await self._ask("POST", f"/api/workflows/{workflow_id}/rerun/", json=body))["id"])

    async def control(
        self,
        workflow_id: str,
        action: Action,
        *,
        mode: str = "drain",
        task: str = "",
        why: str = "",
        answer: str = "",
        request_id: str = "",
        wait_seconds: float = 0.0,
    ) -> ControlAnswer:
        """Pauses, resumes, cancels, retries or answers; waits until it has really taken effect, for up to `wait_seconds`.

        Then `outcome` is "applied", "no_op", "failed" or "superseded"; "" says that it is still under way. The same
        `request_id` again gives the same answer and acts once.
        """
        wish = {"mode": mode, "task": task, "why": why, "answer": answer, "request_id": request_id or uuid4().hex}
        body = {"action": action, **{name: value for name, value in wish.items() if value}}
        until, path = time.monotonic() + wait_seconds, f"/api/workflows/{workflow_id}/control/"
        seq = (await self.events(workflow_id, after=NO_EVENTS))["seq"] if wait_seconds else 0
        while True:
            given = cast(ControlAnswer, await self._ask("POST", path, json=body))
            left = until - time.monotonic()
            if given["status"] == "rejected" or given["outcome"] or left <= 0:
                return given
            seq = await self._until_resolved(workflow_id, body["request_id"], seq, left)

    async def _until_resolved(self, workflow_id: str, request_id: str, seq: int, seconds: float) -> int:
        """Waits until the event log says that the request has its outcome, or is out of time; how far it has read."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            page = await self.events(workflow_id, after=seq, wait=left)
            seq = page["seq"]
            if any(_resolves(event, request_id) for event in page["events"]):
                break
        return seq

    async def token(self, workflow_id: str, *, may: May = "watch", seconds: int = 3_600) -> WorkflowToken:
        """A token that is good for this workflow only, and the link of its embed page."""
        body = {"may": may, "seconds": seconds}
        return cast(WorkflowToken, await self._ask("POST", f"/api/workflows/{workflow_id}/tokens/", json=body))

    async def download(self, artifact: Artifact, to: Path) -> Path:
        """Writes the file of an artifact to `to`, or into it, if it is a folder. Goes on where an earlier try broke off."""
        path = artifact["url"].partition("?")[0]  # by token: the signature of the link may have run out
        return await self._download(path, {}, to, name=artifact["name"], key=artifact["id"])

    async def exports(self, workflow_id: str) -> list[Export]:
        """What can be taken along now: in which formats, and of which episodes."""
        return cast(list[Export], (await self._ask("GET", f"/api/workflows/{workflow_id}/export/"))["exports"])

    async def export(self, workflow_id: str, form: str, to: Path, *, episode: int | None = None) -> Path:
        """Writes the film in this form (`mp4`, `srt`, `pdf`, `zip` …) to `to`, or into it, if it is a folder.

        Raises: Refused with the status 409 where it is not there yet, 404 where it never will be.
        """
        path, given = f"/api/workflows/{workflow_id}/export/", {"format": form}
        if episode is not None:
            given["episode"] = str(episode)
        found = [each for each in await self.exports(workflow_id) if each["format"] == form]
        name = next((each["name"] for each in found if episode in (None, each["episode"])), f"film.{form}")
        return await self._download(path, given, to, name=name, key=f"{workflow_id}-{episode or 0}")

    async def _download(self, path: str, given: dict[str, str], to: Path, *, name: str, key: str) -> Path:
        target = to / Path(name).name if await asyncio.to_thread(to.is_dir) else to
        part = target.with_name(f"{target.name}.{key}.part")

        async def open_response(headers: dict[str, str]) -> AbstractAsyncContextManager[httpx2.Response]:
            return self._http.stream("GET", path, params=given, headers={**headers, **await self._authorization()})

        return await downloads.download(open_response, part, target)

    # --- requests -----------------------------------------------------------------------------------

    async def _authorization(self, refused: str = "") -> dict[str, str]:
        return {"Authorization": f"Bearer {await self.session.access(refused)}"}

    async def _ask(self, method: str, path: str, *, seconds: float = 0.0, **options: Any) -> Any:  # noqa: ANN401 - JSON
        headers = await self._authorization()
        answer = await self._send(method, path, seconds or self._timeout, headers, options)
        if answer.status_code == httpx2.codes.UNAUTHORIZED and self.session.can_renew:
            headers = await self._authorization(headers["Authorization"].removeprefix("Bearer "))
            answer = await self._send(method, path, seconds or self._timeout, headers, options)
        try:
            body = answer.json() if answer.content else None
        except ValueError:
            body = None
        if answer.is_error:
            raise refusal_of(answer.status_code, body)
        return body

    async def _send(
        self, method: str, path: str, seconds: float, headers: dict[str, str], options: dict[str, Any]
    ) -> httpx2.Response:
        try:
            return await self._http.request(method, path, headers=headers, timeout=seconds, **options)
        except httpx2.TransportError as error:
            raise Unreachable(str(error) or type(error).__name__) from error


def _resolves(event: Json, request_id: str) -> bool:
    return bool(event["kind"] == "control_resolved" and event["data"]["request_id"] == request_id)
