"""The other pages: signing in, what is wrong with an input, the agents, what is not there, and a phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Picture, Start, Visit, sign_in
from tests.server import Server

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}


def test_a_wrong_password_is_refused_and_the_right_one_leads_to_the_page_that_was_opened(
    visit: Visit, picture: Picture
) -> None:
    page = visit("/script2video")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    picture(page, "sign-in")
    sign_in(page, "alice", "a wrong guess")
    expect(page.get_by_role("alert")).to_be_visible()
    sign_in(page, "alice")
    expect(page.get_by_label("Your screenplay")).to_be_visible()


def test_a_bad_idea_is_refused_beside_the_field(visit: Visit) -> None:
    page = visit("/idea2video", who="alice")
    button = page.get_by_role("button", name="Make the video")
    button.click()
    expect(page.get_by_text("Write your idea first: one sentence is enough.")).to_be_visible()
    page.get_by_label("Your idea").fill("x" * 5_000)
    button.click()
    expect(page.get_by_text("At most 4,000 characters, please.")).to_be_visible()
    expect(page).to_have_url(re.compile("/idea2video$"))


def test_a_file_of_noise_is_no_screenplay(visit: Visit, tmp_path: Path) -> None:
    noise = tmp_path / "film.txt"
    noise.write_bytes(bytes(range(256)) * 40)
    page = visit("/script2video", who="alice")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open a file").click()
    chooser.value.set_files(noise)
    expect(page.get_by_text(re.compile("film.txt is not a text file"))).to_be_visible()


def test_the_list_shows_each_workflow_live(visit: Visit, picture: Picture, start: Start) -> None:
    address = f"/workflows/{start()}"
    page = visit("/workflows", who="alice")
    link = page.locator(f"a[href='{address}']")
    row = page.get_by_role("row").filter(has=link).filter(has_text="Running")
    expect(row.get_by_role("progressbar", name=re.compile("^Progress of "))).to_be_visible()
    picture(page, "workflows")
    row.get_by_role("link").click()
    expect(page.get_by_role("article").get_by_role("heading", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(f"{address}$"))


def test_no_page_needs_what_its_content_security_policy_forbids(visit: Visit, server: Server) -> None:
    page = visit("/", who="ada")
    for path in ("/workflows", "/idea2video", "/script2video", "/start", "/agents", "/account", "/nowhere"):
        page.goto(server.url + path)
        expect(page.get_by_role("main")).not_to_be_empty()
    page.get_by_role("button", name="Account of ada").click()
    page.get_by_role("menuitem", name="Administration").click()
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()
    with server.client("ada") as http:
        workflow = http.get("/api/workflows/").json()["results"][:1]
    admin = ["workflows/workflow/", "agents/agent/", "auth/user/", "auth/user/add/", "password_change/"]
    admin += [f"workflows/workflow/{each['id']}/change/" for each in workflow]
    for path in admin:
        page.goto(f"{server.url}/admin/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(server.url + "/api/docs/")
    expect(page.get_by_text("/api/pipelines/", exact=True).first).to_be_visible()
    assert "unsafe" not in str(page.request.get(server.url + "/api/docs/").headers["content-security-policy"])


def test_an_operator_sees_the_agents_at_work(visit: Visit, picture: Picture, start: Start) -> None:
    page = visit("/agents", who="olga")
    camera = page.get_by_role("listitem").filter(has_text="Camera image generator")
    expect(camera.get_by_text("Idle")).to_be_visible()
    start()
    expect(camera.get_by_text("Busy")).to_be_visible(timeout=120_000)
    picture(page, "agents", whole=True)


def test_a_maker_is_not_shown_the_agents(visit: Visit) -> None:
    page = visit(who="alice")
    expect(page.get_by_role("link", name="Idea2Video")).to_be_visible()
    expect(page.get_by_role("link", name="Agents")).to_have_count(0)


def test_what_is_not_there_and_what_is_not_yours_look_the_same(visit: Visit, start: Start) -> None:
    for path in ("/nowhere", f"/workflows/{start(who='bob')}"):
        page = visit(path, who="alice")
        expect(page.get_by_role("heading", name=re.compile("not|no such", re.IGNORECASE))).to_be_visible()


def test_everything_fits_on_a_phone(visit: Visit, picture: Picture, start: Start, server: Server) -> None:
    workflow = start()
    page = visit("/workflows", who="alice", **PHONE)
    for path in ("/account", "/idea2video", "/script2video", "/workflows", f"/workflows/{workflow}"):
        page.goto(server.url + path)
        expect(page.get_by_role("status", name="Connection: Live")).to_be_attached()
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{path} is {overflow} px too wide"
    expect(page.get_by_role("button", name=re.compile("^Enlarge shot")).first).to_be_attached(timeout=120_000)
    picture(page, "phone")
