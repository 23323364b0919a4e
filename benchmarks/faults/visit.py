"""One fault: makes a workflow, lets the fault begin and end, and says what came of it. Reads the database, past the faults."""

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx2
from django.db import DatabaseError, connections
from websockets.sync.client import connect

from benchmarks.crashes import trial  # sets Django up
from benchmarks.crashes.pipeline import BOOK
from benchmarks.crashes.watcher import Watcher
from benchmarks.faults.parts import World
from workflows.models import Event, Runner, Workflow

if TYPE_CHECKING:
    from benchmarks.faults.__main__ import Fault

PAGES = 10
EVENTS_BEFORE = 8  # of the workflow, when the fault begins
ASK_SECONDS, ANSWER_SECONDS = 0.5, 5.0
WORKFLOW_SECONDS, WATCHER_SECONDS, START_SECONDS = 240.0, 20.0, 60.0
GOAL_SECONDS = 30.0
POLL_SECONDS = 0.05

Json = dict[str, Any]


class Visit:
    """Hits the world with one fault after the other."""

    def __init__(self, world: World, password: str) -> None:
        self._world = world
        self._number = 0
        person = {"username": "admin", "password": password}
        answer = httpx2.post(f"{world.web.url}/api/auth/token/", json=person, timeout=60, trust_env=False)
        self._token = str(answer.raise_for_status().json()["access"])

    def hit(self, fault: "Fault") -> Json:
        """What came of it."""
        self._wait_for_worker()
        workflow = self._make()
        watcher = Watcher(self._world.web.url, self._token, str(workflow.pk))
        deaf = self._deaf(workflow) if fault.part == "watcher" else None
        self._wait_for_events(workflow)
        with Movement(workflow) as movement:
            with Asker(self._world.web.url, self._token, str(workflow.pk)) as asker:
                began = time.monotonic()
                end = fault.begin(self._world)
                time.sleep(fault.seconds)
                end()
                ended = time.monotonic()
                if fault.what == "killed":
                    self._world.web.wait_until_it_answers()
            connections.close_all()  # PostgreSQL may be another one by now
            trial._wait_for_end(workflow)  # noqa: SLF001 - of the same benchmarks
        watcher.end(WATCHER_SECONDS)
        seqs = deaf.seqs() if deaf else watcher.seqs
        found = {
            **trial.verdict(workflow),
            "watched": seqs == [*range(1, Workflow.objects.get(pk=workflow.pk).last_seq + 1)],
            "goes_on_after": movement.goes_on_after(began, ended),
            "words": asker.words,
        }
        return {**found, "flaws": flaws_of(found, fault.words)}

    def _wait_for_worker(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if Runner.objects.filter(name__contains=f":{self._world.worker.pid}:").exists():
                return
            time.sleep(POLL_SECONDS)
        raise SystemExit("The worker has not started.")

    def _make(self) -> Workflow:
        self._number += 1
        wish = {"pipeline": BOOK.name, "input": {"seed": self._number, "pages": PAGES}}
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = httpx2.post(
            f"{self._world.web.url}/api/workflows/", json=wish, headers=headers, timeout=60, trust_env=False
        )
        return Workflow.objects.get(pk=answer.raise_for_status().json()["id"])

    def _wait_for_events(self, workflow: Workflow) -> None:
        deadline = time.monotonic() + START_SECONDS
        while Event.objects.filter(workflow=workflow).count() < EVENTS_BEFORE and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)

    def _deaf(self, workflow: Workflow) -> "DeafWatcher":
        return DeafWatcher(self._world.web.url, self._token, str(workflow.pk))


class Movement:
    """When the workflow got another event, by the clock of this process: no jump changes it."""

    def __init__(self, workflow: Workflow) -> None:
        self._times: list[float] = []  # monotonic
        self._workflow, self._seq, self._has_ended = workflow.pk, workflow.last_seq, False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Movement":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def goes_on_after(self, began: float, ended: float) -> float | None:
        """Seconds from the end of the fault until the next event; 0.0 when there was one in its second half, or nothing was left to do."""
        half = (began + ended) / 2
        if any(half < at <= ended for at in self._times):
            return 0.0
        first = next((at for at in self._times if at > ended), None)
        if first is not None:
            return round(first - ended, 2)
        return 0.0 if self._has_ended else None

    def _look(self) -> None:
        while not self._over.wait(POLL_SECONDS):
            with suppress(DatabaseError):
                seq = Workflow.objects.values_list("last_seq", flat=True).get(pk=self._workflow)
                if seq != self._seq:
                    self._seq = seq
                    self._times.append(time.monotonic())
                continue
            connections.close_all()  # of this thread: it was cut off
        self._has_ended = Workflow.objects.get(pk=self._workflow).finished_at is not None
        connections.close_all()


def flaws_of(found: Json, words: str) -> list[str]:
    """What must not be, but is."""
    import re  # noqa: PLC0415

    flaws = {
        "not completed": found["state"] != "completed",
        "wrong result": not found["is_right"],
        "done twice": bool(found["done_twice"]),
        "hole in the events": found["has_holes"],
        "watcher missed something": not found["watched"],
        "went on too late": found["goes_on_after"] is None or found["goes_on_after"] > GOAL_SECONDS,
        "nobody said why": bool(words) and not any(re.search(words, word) for word in found["words"]),
    }
    return [name for name, is_so in flaws.items() if is_so]


class Asker:
    """Asks the API again and again what it says of a workflow, and keeps each new sentence that is not about going on."""

    def __init__(self, url: str, token: str, workflow: str) -> None:
        self.words: list[str] = []
        self._url, self._headers = f"{url}/api/workflows/{workflow}/", {"Authorization": f"Bearer {token}"}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> "Asker":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._over.wait(ASK_SECONDS):
            try:
                answer = httpx2.get(self._url, headers=self._headers, timeout=ANSWER_SECONDS, trust_env=False)
                word = _word(answer.status_code, answer.json())
            except (httpx2.HTTPError, ValueError) as error:
                word = f"no answer ({type(error).__name__})"
            if word and word not in self.words:
                self.words.append(word)


def _word(status: int, body: Json) -> str:
    if status >= 400:
        return f"{status}: {body.get('error', {}).get('message', body)}"
    waiting = body.get("waiting_for") or {}
    error = body.get("error") or {}
    return str(waiting.get("text") or error.get("message") or "")


class DeafWatcher:
    """A watcher that subscribes and then reads nothing, until it is asked for all that it has got."""

    def __init__(self, url: str, token: str, workflow: str) -> None:
        self._args = (url, token, workflow)
        self._connection = connect(
            url.replace("http", "ws", 1) + f"/ws/workflow/{workflow}",
            additional_headers={"Authorization": f"Bearer {token}"},
            proxy=None,
            max_queue=1,
        )

    def seqs(self) -> list[int]:
        """Reads at last; and what it did not get, as one who comes again."""
        self._connection.close()
        again = Watcher(*self._args)
        again.end(WATCHER_SECONDS)
        return again.seqs
