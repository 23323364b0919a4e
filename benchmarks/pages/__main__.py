"""A film of 12 scenes in Chromium while it is made: how long the page takes to answer a click or a key, and its memory.

The film's pictures are prepared (`quick_studio`); everything else is the running product. FRONTEND_DIST has to be built.
Figures: INP, the worst answer of the page (https://web.dev/articles/inp: a page is good below 200 ms); long tasks; the
heap after a garbage collection, again and again; the same in a replay, which plays at 16×.
"""

import itertools
import os
import shutil
import sys
import time
from typing import Any, Final

import httpx2
from playwright.sync_api import CDPSession, Page, sync_playwright

from benchmarks import reporting
from benchmarks.server import Server, running_server

SCENES: Final = 12
LONGEST_SECONDS: Final = 420.0
BETWEEN_SECONDS: Final = 1.5  # two interactions
PHASE_ROUNDS: Final = 12  # of interactions in the replay
VIEWS: Final = ("Tasks", "Timeline", "Graph", "Activity", "Shots")
OBSERVER: Final = """
window.answers = []; window.longTasks = [];
new PerformanceObserver((list) => list.getEntries().forEach((e) => e.interactionId && answers.push([e.name, e.duration])))
  .observe({ type: "event", durationThreshold: 16, buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((e) => longTasks.push(e.duration)))
  .observe({ type: "longtask", buffered: true });
"""

Json = dict[str, Any]


def main() -> None:
    """Prints the figures and saves them."""
    variables = {"EXTRA_APPS": "benchmarks.pages.quick_studio.QuickStudio", "RUNNER_THREADS": "4"}
    with running_server(**variables) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(OBSERVER)
        result = {"machine": reporting.machine(), **_measure(server, page)}
        chromium.close()
    reporting.save("pages", result)
    reporting.publish("pages", _section(result))
    print(_section(result))


def _section(result: Json) -> str:
    about = (
        f"`python -m benchmarks.pages`: a film of {SCENES} scenes ({result['tasks']} tasks, {result['events']} events) in Chromium while it is made, "
        "its pictures\nprepared; a person goes from view to view by mouse and key. Then the same in its replay at 16×. INP is the page's worst answer."
    )
    machine = result["machine"]
    rows = [
        (name, *(str(result[phase][figure]) for phase in ("live", "replay")))
        for name, figure in (
            ("interactions", "interactions"),
            ("INP, ms", "inp_ms"),
            ("75th percentile, ms", "p75_ms"),
            ("tasks above 50 ms", "long_tasks"),
            ("the longest, ms", "longest_task_ms"),
        )
    ]
    heaps = [
        (f"heap {which}, MiB", *(str(result[phase]["heap_mebibytes"][place]) for phase in ("live", "replay")))
        for which, place in (("at first", 0), ("in the middle", 6), ("at last", -1))
    ]
    table = reporting.table(("", "while it is made", "replay"), [*rows, *heaps])
    ending = f"Machine: {machine['cores']} cores, {machine['processor']}, load {machine['load_at_start']} at the start."
    return f"## The page of a large film\n\n{about}\n\n{table}\n\n{ending}"


def _chromium() -> str:
    found = shutil.which(os.environ.get("CHROMIUM", "chromium")) or shutil.which("chromium-browser")
    return found or sys.exit("There is no Chromium here.")


def _measure(server: Server, page: Page) -> Json:
    _sign_in(page, server)
    headers = {"Authorization": f"Bearer {server.token()}"}
    with httpx2.Client(base_url=server.url, headers=headers, timeout=30, trust_env=False) as http:
        wanted = {"pipeline": "idea2video", "input": {"idea": "A baker waits for the last tram", "scenes": SCENES}}
        path = f"/api/workflows/{http.post('/api/workflows/', json=wanted).raise_for_status().json()['id']}/"
        page.goto(f"{server.url}{path.removeprefix('/api')}")
        page.get_by_role("navigation", name="Views of this workflow").wait_for()
        live = _figures(page, lambda: bool(http.get(path).json()["stage"] != "Edit"))
        snapshot = http.get(path).json()
    page.get_by_role("link", name="Replay").click()
    page.get_by_role("slider", name="Moment of the replay").wait_for()
    page.get_by_text("16×").click()
    page.get_by_role("button", name="Play", exact=True).click()
    rounds = itertools.count()
    replay = _figures(page, lambda: next(rounds) < PHASE_ROUNDS)
    tasks = sum(len(stage["tasks"]) for stage in snapshot["stages"])
    return {"tasks": tasks, "events": snapshot["seq"], "live": live, "replay": replay}


def _sign_in(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password", exact=True).fill(server.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Account of admin").wait_for()


def _figures(page: Page, goes_on: Any) -> Json:  # noqa: ANN401 - asked after each interaction
    """Goes from view to view, and by key through what they show, for as long as `goes_on()` says."""
    devtools = page.context.new_cdp_session(page)
    page.evaluate("answers.length = longTasks.length = 0")
    heaps, until = [_heap(devtools)], time.monotonic() + LONGEST_SECONDS
    for view in itertools.cycle(VIEWS):
        if time.monotonic() > until or not goes_on():
            break
        link = page.get_by_role("navigation", name="Views of this workflow").get_by_role("link", name=view)
        if link.count():
            link.click()
            page.keyboard.press("Tab")
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(1000 * BETWEEN_SECONDS)
        heaps.append(_heap(devtools))
    answers = [duration for _, duration in page.evaluate("answers")]
    return {
        "interactions": len(answers),
        "inp_ms": max(answers, default=0),
        "p75_ms": reporting.percentile(answers, 0.75) if answers else 0,
        "long_tasks": page.evaluate("longTasks.length"),
        "longest_task_ms": page.evaluate("Math.max(0, ...longTasks)"),
        "heap_mebibytes": [round(heap, 1) for heap in heaps[:: max(1, len(heaps) // 12)]],
    }


def _heap(devtools: CDPSession) -> float:
    devtools.send("HeapProfiler.collectGarbage")
    return float(devtools.send("Runtime.getHeapUsage")["usedSize"]) / 2**20


if __name__ == "__main__":
    main()
