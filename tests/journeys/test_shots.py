"""A maker looks at the shots of a film while they are made, takes another take, and redoes one shot; the rest is reused."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Start, Visit
from tests.journeys.test_films import FILM_MS, state
from tests.samples import DIALOGUE
from tests.server import Server

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

SHOT = "1.1"  # silent: it has a caption
PICTURE_BYTES = 400_000  # of a film of up to 13 shots
CAPTION = "Nobody had told the gulls."

Json = dict[str, Any]


def snapshot(server: Server, page: Page) -> Json:
    """The workflow whose page is open."""
    with server.client("alice") as http:
        body: Json = http.get(f"/api/workflows/{id_of(page)}/").raise_for_status().json()
        return body


def id_of(page: Page) -> str:
    return page.url.partition("/workflows/")[2].partition("?")[0]


def started(server: Server, page: Page) -> set[str]:
    """The keys of the tasks that were performed for the workflow whose page is open."""
    with server.client("alice") as http:
        events = http.get(f"/api/workflows/{id_of(page)}/events/", params={"after": 0}).raise_for_status().json()
    return {event["data"]["task"] for event in events["events"] if event["kind"] == "task_started"}


def content(server: Server, body: Json, task: str, name: str) -> bytes:
    """A file that a task has made."""
    (artifact,) = (each for each in body["artifacts"] if (each["task"], each["name"]) == (task, name))
    with server.client("alice") as http:
        return http.get(artifact["url"]).raise_for_status().content


def opened(page: Page, shot: str = SHOT) -> Locator:
    """The dialog of a shot."""
    page.get_by_role("button", name=f"Enlarge shot {shot}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile(rf"^Shot {re.escape(shot)} · 1 of \d+$"))).to_be_visible()
    return dialog


def has_moved_to(page: Page, address: str) -> None:
    """Waits until the page of the workflow that was made from this one is shown: the address changes before the page does."""
    expect(page).not_to_have_url(address)
    earlier = address.partition("/workflows/")[2].partition("?")[0]
    expect(page.get_by_role("link", name="the earlier one")).to_have_attribute("href", f"/workflows/{earlier}")


def test_a_maker_takes_another_take_and_redoes_one_shot(visit: Visit, start: Start, server: Server) -> None:
    page = visit(f"/workflows/{start(script=DIALOGUE)}", who="alice")
    watch_the_rough_cut(page)
    expect(state(page, "completed")).to_be_attached(timeout=FILM_MS)
    open_with_small_pictures(visit, page)
    go_to_a_chapter(page)
    use_the_other_take(page, server)
    redo_with_another_caption(page, server)


def watch_the_rough_cut(page: Page) -> None:
    """While others are still made: it plays what is there, and says in words what it waits for."""
    dialog = opened_while_running(page)
    expect(dialog.get_by_text(re.compile("still at work")).first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Play the rough cut").click(timeout=FILM_MS)
    cut = page.get_by_role("region", name="Rough cut")
    playing = cut.get_by_label(re.compile(r"^Rough cut, shot"))
    expect(playing).to_have_js_property("paused", value=False)
    playing.evaluate("video => new Promise(done => { video.ontimeupdate = () => video.currentTime > 0.2 && done() })")
    last = cut.get_by_role("list", name="Shots of the rough cut").get_by_role("button").last
    expect(last).to_have_attribute("aria-label", re.compile("^Shot .*: |^Go to shot"))


def opened_while_running(page: Page) -> Locator:
    page.get_by_role("button", name=f"Enlarge shot {SHOT}").click(timeout=FILM_MS)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def go_to_a_chapter(page: Page) -> None:
    """Its time is that of the shot in the film, and it is marked."""
    chapters = page.get_by_role("navigation", name="Chapters of the film")
    chapter = chapters.get_by_role("button", name=re.compile(r"^Shot 1\.2"))
    chapter.click()
    expect(chapter).to_have_attribute("aria-current", "true")
    film = page.get_by_label(re.compile("^Video: "))
    assert film.evaluate("video => video.currentTime") > 3  # behind the title and the first shot
    chapters.get_by_role("button", name=re.compile("^Title")).click()
    expect(chapter).not_to_have_attribute("aria-current", "true")
    film.evaluate("video => video.pause()")


def open_with_small_pictures(visit: Visit, page: Page) -> None:
    """With every shot seen, all pictures together take less than one whole frame does."""
    desk = visit("/workflows", who="alice", viewport={"width": 1280, "height": 900})
    desk.goto(page.url)
    tiles = desk.get_by_role("button", name=re.compile("^Enlarge shot"))
    expect(tiles.first).to_be_visible()
    for tile in tiles.all():
        tile.scroll_into_view_if_needed()
        expect(tile.get_by_role("img")).to_have_js_property("complete", value=True)
    pictures = """() => performance.getEntriesByType("resource")
        .filter(entry => entry.initiatorType === "img").map(entry => entry.encodedBodySize)"""
    sizes = desk.evaluate(pictures)
    assert len([size for size in sizes if size]) >= tiles.count() > 1
    assert sum(sizes) < PICTURE_BYTES


def use_the_other_take(page: Page, server: Server) -> None:
    """The new film's frame is that take; nothing before the choice is done again."""
    before, address = snapshot(server, page), page.url
    dialog = opened(page)
    takes = dialog.get_by_role("region", name=f"Takes of shot {SHOT}")
    expect(takes.get_by_text(re.compile(r"^\d+\.\d of 100$"))).to_have_count(2)
    other = takes.get_by_role("button", name=re.compile("^Use this one"))
    number = str(other.get_attribute("aria-label"))[len("Use this one: take ")]
    other.click()
    has_moved_to(page, address)
    expect(page.get_by_text(f"Shot {SHOT} made anew with another take")).to_be_visible()
    expect(state(page, "completed")).to_be_attached(timeout=FILM_MS)

    after = snapshot(server, page)
    chosen = content(server, after, f"frames/{SHOT}", "frame.jpg")
    assert chosen == content(server, before, f"candidates/{SHOT}", f"take-{number}-first.jpg")
    assert chosen != content(server, before, f"frames/{SHOT}", "frame.jpg")
    assert started(server, page) == {f"frames/{SHOT}", f"clip/{SHOT}", "edit", "storyboard_print"}
    expect(opened(page).get_by_text("Chosen by you")).to_be_visible()
    page.keyboard.press("Escape")


def redo_with_another_caption(page: Page, server: Server) -> None:
    """Only this shot is made anew, with the take that was chosen before; the earlier film links to the new one."""
    before, address = snapshot(server, page), page.url
    dialog = opened(page)
    dialog.get_by_role("button", name="Redo this shot…").click()
    dialog.get_by_label("Caption").fill(CAPTION)
    dialog.get_by_role("button", name="Redo this shot", exact=True).click()
    has_moved_to(page, address)
    expect(state(page, "completed")).to_be_attached(timeout=FILM_MS)

    after = snapshot(server, page)
    # The narrator reads the new caption, and the clip takes as long as that.
    assert started(server, page) == {f"speech/{SHOT}", f"clip/{SHOT}", "edit", "storyboard_print"}
    frames = [content(server, body, f"frames/{SHOT}", "frame.jpg") for body in (before, after)]
    assert frames[0] == frames[1]
    others = [content(server, body, "clip/1.2", "clip.mp4") for body in (before, after)]
    assert others[0] == others[1]
    assert CAPTION in content(server, after, "edit", "captions.vtt").decode()
    expect(opened(page).get_by_text(CAPTION)).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="the earlier one").click()
    expect(page).to_have_url(re.compile(before["id"]))
    link = page.get_by_role("link", name=f"shot {SHOT} with another caption")
    expect(link).to_have_attribute("href", f"/workflows/{after['id']}")
