"""Every page in each of its states, in both themes, as axe-core judges it; and where the focus goes."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.journeys.conftest import Start, Visit, sign_in
from tests.journeys.test_films import DRAIN_MS, FILM_MS, first_file, state
from tests.journeys.test_pages import PHONE
from tests.node import INSTALLED
from tests.samples import DIALOGUE
from tests.server import Server

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

AXE = INSTALLED / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What stands in frames is not ours; style sheets need not be fetched again. "target-size" is off unless it is named.
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}
FOUND = """
async options => (await axe.run(document, options)).violations.flatMap(({ id, nodes }) =>
  nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary.replace(/\\s+/g, " ")}`))
"""
# The theme has come, and no colour is on its way to another one.
SETTLED = """
scheme => [scheme, undefined].includes(document.documentElement.dataset.mantineColorScheme)
  && document.getAnimations().length === 0
"""
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# Keeps what a screen reader is told of a workflow.
LISTEN = """
() => {
  const region = document.querySelector("output[aria-live=polite][aria-label='What happens']");
  window.told = [];
  new MutationObserver(() => told.push(...region.textContent.split(". "))).observe(
    region, { childList: true, characterData: true, subtree: true });
}
"""
VIEWS = ("Shots", "Tasks", "Timeline", "Graph", "Activity")
MANY = 40  # workflows: a page of the list, and some

Judge = Callable[..., None]
Json = dict[str, Any]


@pytest.fixture
def judge() -> Iterator[Judge]:
    """Looks at what a page shows, dark and light; what is wrong anywhere fails the test at its end."""
    if not AXE.is_file():
        pytest.skip(f"no axe-core in {INSTALLED}: script/setup --dev installs it")
    source, wrong = AXE.read_text(), list[str]()

    def judge(page: Page, what: str) -> None:
        page.evaluate(source)  # not as a script of the page, which its policy forbids
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.wait_for_function(SETTLED, arg=scheme)
            wrong.extend(f"{what}, {scheme}: {found}" for found in page.evaluate(FOUND, OPTIONS))

    yield judge
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def idle(tmp_path: Path) -> Iterator[Server]:
    """A server without a runner: nothing begins."""
    with Server(tmp_path, {"RUNNER": "none", "ACTIVE_WORKFLOWS_PER_USER": str(MANY)}) as server:
        yield server


@pytest.fixture
def framed(tmp_path: Path) -> Iterator[Server]:
    """A server whose workflows may be embedded."""
    with Server(tmp_path, {"EMBED_ANCESTORS": "https://studio.example"}) as server:
        yield server


@pytest.fixture
def still(visit: Visit) -> Visit:
    """Opens pages in which nothing moves: half-way through a transition, a colour is neither of the two."""

    def still(path: str = "/", **options: Any) -> Page:
        return visit(path, reduced_motion="reduce", **options)

    return still


def control(server: Server, workflow: str, **wanted: str) -> None:
    with server.client("alice") as http:
        http.post(f"/api/workflows/{workflow}/control/", json=wanted).raise_for_status()


def views(page: Page, judge: Judge, what: str) -> None:
    """Every view of the workflow whose page is open."""
    for view in VIEWS:
        page.get_by_role("navigation", name="Views of this workflow").get_by_role("link", name=view).click()
        expect(page.get_by_text("Loading…", exact=True)).to_have_count(0)
        judge(page, f"{what}, {view}")


def test_signing_in_and_starting(still: Visit, judge: Judge, idle: Server) -> None:
    page = still("/workflows", on=idle)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    judge(page, "sign-in")
    sign_in(page, "alice", "a wrong guess")
    expect(page.get_by_role("alert")).to_be_visible()
    judge(page, "sign-in, refused")
    sign_in(page, "alice")
    expect(page.get_by_role("heading", name="Workflows")).to_be_focused()
    judge(page, "list, empty")
    for path, label in (("/idea2video", "Your idea"), ("/script2video", "Your screenplay")):
        page.goto(idle.url + path)
        expect(page.get_by_label(label)).to_be_visible()
        judge(page, path)
        page.get_by_role("button", name="Make the video").click()
        expect(page.get_by_label(label)).to_have_attribute("aria-invalid", "true")
        judge(page, f"{path}, with an error")
    page.goto(idle.url + "/idea2video")
    scenes = page.get_by_role("slider", name="Scenes")
    scenes.press("Home")
    expect(scenes).to_have_attribute("aria-valuetext", "1 scene")
    page.goto(idle.url + "/account")
    expect(page.get_by_role("list", name="Sign-ins")).to_be_visible()
    judge(page, "account")
    in_a_dialog(page, judge, "Sign out everywhere…", "Sign out everywhere?")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_label("New password").fill("12345678")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_label("New password")).to_have_attribute("aria-invalid", "true")
    judge(page, "account, with an error")
    page.goto(idle.url + "/nowhere")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    judge(page, "not found")


def test_the_list_and_what_has_not_begun(still: Visit, start: Start, judge: Judge, idle: Server) -> None:
    made = [start(on=idle) for _ in range(MANY)]
    control(idle, made[0], action="cancel")
    page = still("/workflows", who="alice", on=idle)
    expect(page.get_by_role("row").nth(10)).to_be_visible()
    judge(page, "list, many")
    page.get_by_role("row").nth(1).focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("1 chosen")).to_be_visible()
    judge(page, "list, one chosen")
    page.goto(f"{idle.url}/workflows/{made[1]}")
    expect(state(page, "waiting")).to_be_attached()
    views(page, judge, "pending")


def test_operators_see_agents_and_the_installation(still: Visit, judge: Judge, idle: Server) -> None:
    page = still("/agents", who="ada", on=idle)
    expect(page.get_by_role("article").first).to_be_visible()
    judge(page, "agents")
    card = page.get_by_role("button", name="Script enhancer")
    card.click()
    drawer = page.get_by_role("dialog", name="Script enhancer")
    expect(drawer.get_by_role("region", name="The last day")).to_be_visible()
    judge(page, "agents, drawer")
    page.keyboard.press("Escape")
    expect(card).to_be_focused()
    page.goto(idle.url + "/operations")
    expect(page.get_by_role("region", name="Queue")).to_be_visible()
    judge(page, "operations")


def test_a_running_film_and_a_cancelled_one(still: Visit, start: Start, judge: Judge, server: Server) -> None:
    workflow = start(scenes=3)
    page = still(f"/workflows/{workflow}", who="alice")
    expect(page.get_by_label("What happens")).to_be_attached()
    page.evaluate(LISTEN)
    phone = still(f"/workflows/{workflow}", who="alice", **PHONE)
    expect(page.get_by_role("button", name=re.compile("^Enlarge shot")).first).to_be_visible(timeout=FILM_MS)
    views(page, judge, "running")
    phone.get_by_role("link", name="Activity").scroll_into_view_if_needed()
    judge(phone, "running, on a phone")
    page.get_by_role("button", name="Pause").click()
    judge(page, "running, how to pause")
    page.keyboard.press("Escape")
    cancel = page.get_by_role("button", name="Cancel", exact=True)
    cancel.click()
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    judge(page, "running, whether to cancel")
    page.keyboard.press("Escape")
    expect(cancel).to_be_focused()
    page.context.set_offline(True)
    expect(page.get_by_text(re.compile("^This is the last known state"))).to_be_visible(timeout=DRAIN_MS)
    judge(page, "running, offline")
    page.context.set_offline(False)
    control(server, workflow, action="cancel")
    expect(page.get_by_text("This workflow was cancelled.")).to_be_visible(timeout=DRAIN_MS)
    page.wait_for_function("() => told.some(words => /cancelled/i.test(words))")
    told = page.evaluate("told")
    assert len(told) == len(set(told)), "each thing is told once"
    views(page, judge, "cancelled")
    for name, title in (("Delete…", "Delete "), ("Continue on the phone", "Continue on the phone")):
        in_a_dialog(page, judge, name, title)


def in_a_dialog(page: Page, judge: Judge, name: str, title: str) -> None:
    """Opens it with a button; the focus is in it, and with Escape back on the button."""
    opener = page.get_by_role("button", name=name, exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=title)
    expect(dialog).to_be_visible()
    expect(dialog.locator(":focus")).to_have_count(1)
    judge(page, title)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()


def test_a_film_paused_failed_and_completed(still: Visit, start: Start, judge: Judge, framed: Server) -> None:
    workflow = start(script=DIALOGUE, on=framed)
    page = still(f"/workflows/{workflow}", who="alice", on=framed)
    lost = first_file(framed, workflow, "clip/", "video/mp4")  # the film needs it
    control(framed, workflow, action="pause", mode="drain")
    expect(state(page, "paused")).to_be_attached(timeout=FILM_MS)
    away = lost.rename(framed.data_dir / lost.name)
    views(page, judge, "paused")
    control(framed, workflow, action="resume")
    expect(state(page, "failed")).to_be_attached(timeout=FILM_MS)
    views(page, judge, "failed")

    away.rename(lost)
    control(framed, workflow, action="retry")
    expect(state(page, "completed")).to_be_attached(timeout=FILM_MS)
    views(page, judge, "completed")
    page.get_by_role("link", name="Replay").click()
    expect(page.get_by_role("slider", name="Moment of the replay")).to_be_focused()
    page.keyboard.press("ArrowRight")
    judge(page, "replay")
    page.get_by_role("link", name="Back to now").click()
    in_a_shot(page, judge)
    in_a_dialog(page, judge, "Share", "Share this workflow")
    embedded(page, judge, framed, workflow)


def in_a_shot(page: Page, judge: Judge) -> None:
    """The dialog of a shot, with its takes and the form that redoes it, by keyboard alone."""
    page.get_by_role("link", name="Shots").click()
    tile = page.get_by_role("button", name="Enlarge shot 1.1")
    tile.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=re.compile("^Shot 1.1"))
    expect(dialog.get_by_role("region", name="Takes of shot 1.1")).to_be_visible()
    expect(dialog.locator(":focus")).to_have_count(1)
    judge(page, "shot")
    for key, shot in (("ArrowRight", "1.2"), ("ArrowLeft", "1.1")):
        page.keyboard.press(key)
        now = page.get_by_role("dialog", name=re.compile(f"^Shot {shot}"))
        expect(now.locator(":focus")).to_have_count(1)
    redo = dialog.get_by_role("button", name="Redo this shot…")
    redo.focus()
    page.keyboard.press("Enter")
    judge(page, "shot, to redo")
    page.keyboard.press("Escape")
    expect(tile).to_be_focused()


def embedded(page: Page, judge: Judge, server: Server, workflow: str) -> None:
    """The page for the frames of others."""
    with server.client("alice") as http:
        link = http.post(f"/api/workflows/{workflow}/tokens/", json={}).raise_for_status().json()["embed_url"]
    page.goto(link)
    expect(page.locator("video")).to_be_visible()
    judge(page, "embedded")
    page.goto(f"{server.url}/embed/{workflow}?token=expired")
    expect(page.get_by_text("does not open anything here")).to_be_visible()
    judge(page, "embedded, refused")
