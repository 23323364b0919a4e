"""One's own account: where one is signed in, the end of that, the password; and that a hasty person stays signed in."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.journeys.conftest import Visit, sign_in
from tests.server import Server

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

NEW = "an entirely other phrase"
STORED = "() => Object.entries(localStorage).concat(Object.entries(sessionStorage)).flat().join(' ') + document.cookie"


def sign_ins(page: Page) -> list[str]:
    expect(page.get_by_role("list", name="Sign-ins")).to_be_visible()
    return page.get_by_role("list", name="Sign-ins").get_by_role("listitem").all_inner_texts()


def test_somebody_in_a_hurry_stays_signed_in(visit: Visit, own_server: Server) -> None:
    page = visit("/workflows", who="alice", on=own_server)
    for path in ("/workflows", "/start", "/account") * 4:
        page.goto(own_server.url + path, wait_until="commit")  # before the page before has renewed its token
    expect(page.get_by_role("button", name="Account of alice")).to_be_visible()
    expect(page.get_by_role("list", name="Sign-ins")).to_be_visible()


def test_no_script_can_read_what_renews_a_sign_in(visit: Visit, own_server: Server) -> None:
    page = visit("/workflows", who="alice", on=own_server)
    page.reload()
    expect(page.get_by_role("button", name="Account of alice")).to_be_visible()
    assert "eyJ" not in page.evaluate(STORED)
    (kept,) = [each for each in page.context.cookies(f"{own_server.url}/api/auth/") if "refresh" in each["name"]]
    assert (kept["httpOnly"], kept["sameSite"], kept["path"]) == (True, "Strict", "/api/auth/")


def test_a_sign_in_elsewhere_is_ended_at_once(visit: Visit, own_server: Server) -> None:
    phone = visit("/workflows", who="alice", on=own_server)
    laptop = visit("/workflows", who="alice", on=own_server)
    laptop.get_by_role("button", name="Account of alice").click()
    laptop.get_by_role("menuitem", name="Account and sign-ins").click()
    expect(laptop.get_by_role("heading", name="Account of alice")).to_be_focused()
    assert "Chrome on Linux" in sign_ins(laptop)[0]
    laptop.get_by_role("button", name=re.compile("^End the sign-in on Chrome")).first.focus()
    laptop.keyboard.press("Enter")
    expect(phone.get_by_role("button", name="Sign in")).to_be_visible()
    expect(laptop.get_by_role("list", name="Sign-ins").get_by_role("listitem")).to_have_count(1)


def test_a_new_password_ends_all_others_and_everywhere_means_here_too(visit: Visit, own_server: Server) -> None:
    phone = visit("/workflows", who="bob", on=own_server)
    page = visit("/account", who="bob", on=own_server)
    for old, words in (("not it", "This is not your password."), (PASSWORD, "Your password is changed.")):
        page.get_by_label("Present password").fill(old)
        page.get_by_label("New password").fill(NEW)
        page.get_by_role("button", name="Change the password").click()
        expect(page.get_by_text(re.compile(words))).to_be_visible()
    expect(phone.get_by_role("button", name="Sign in")).to_be_visible()
    page.reload()
    assert len(sign_ins(page)) == 1
    page.get_by_role("button", name="Sign out everywhere…").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    sign_in(page, "bob", NEW)
    expect(page.get_by_role("button", name="Account of bob")).to_be_visible()


def test_somebody_else_signs_in_in_another_tab_and_both_tabs_agree(visit: Visit, own_server: Server) -> None:
    first = visit("/workflows", who="alice", on=own_server)
    second = first.context.new_page()
    second.goto(own_server.url + "/workflows")
    second.get_by_role("button", name="Account of alice").click()
    second.get_by_role("menuitem", name="Sign out").click()
    sign_in(second, "bob")
    expect(second.get_by_role("button", name="Account of bob")).to_be_visible()
    expect(first.get_by_role("button", name="Account of bob")).to_be_visible()
