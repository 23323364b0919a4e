"""The embed page: a workflow in somebody else's page, with nothing but a link."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from PIL import Image
from pytest_django import Settings

from accounts.logins import end as end_login
from agents import registry
from agents.contract import ArtifactKind, Job
from project import env
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent
from workflows import claims, coordinator, liveness, tokens
from workflows.access import Grant
from workflows.liveness import RunnerInfo
from workflows.models import Runner, Workflow
from workflows.tokens import EmbedToken, WorkflowToken

STUDIO = "https://studio.example"
LOGIN = "laptop"


@pytest.fixture(autouse=True)
def their_page(settings: Settings) -> None:
    """Pages of one other origin may show a workflow in a frame."""
    settings.EMBED_ANCESTORS = [STUDIO]


@pytest.fixture
def link(as_user: AsUser, alice: User, sample_workflow: Workflow) -> str:
    """The path of a link that Alice made."""
    url = as_user(alice).post(f"/api/workflows/{sample_workflow.pk}/tokens/", {"may": "watch"}).json()["embed_url"]
    assert url.startswith("http://testserver/embed/")
    return str(url).removeprefix("http://testserver")


def token_for(workflow: Workflow, user: User, seconds: int = 60, kind: type[WorkflowToken] = EmbedToken) -> str:
    return str(tokens.make(kind, user, LOGIN, Grant(str(workflow.pk), "watch"), seconds))


def shown(path: str) -> tuple[int, str]:
    answer: Any = Client().get(path)
    return answer.status_code, answer.content.decode()


def draw(job: Job, word: str) -> None:
    path = job.workdir / f"{word}.png"
    Image.new("RGB", (1600, 900), "navy").save(path)
    job.keep(path, name=f"{word}.png", kind=ArtifactKind.FRAME, media_type="image/png")


def test_it_shows_where_the_workflow_stands_and_its_newest_frames(
    link: str, sample_agent: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    sample_agent.on_spell = draw
    run(2)  # the plan, and the first word
    status, html = shown(link)
    assert status == 200
    assert f"<h1>{sample_workflow.title}</h1>" in html
    (picture,) = re.findall(r'<img src="([^"]+)"', html)
    answer: Any = Client().get(picture.replace("&amp;", "&"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    with Image.open(BytesIO(answer.content)) as small:
        assert small.size == (640, 360)


def test_it_asks_anew_while_there_is_something_to_come_and_not_after(
    link: str, sample_workflow: Workflow, run: Run
) -> None:
    assert '<meta http-equiv="refresh"' in shown(link)[1]
    run()
    html = shown(link)[1]
    assert "refresh" not in html
    assert "The film is finished." in html


def test_it_says_why_it_does_not_go_on(link: str, sample_workflow: Workflow, alice: User) -> None:
    coordinator.control(workflow=sample_workflow, by=alice, action="pause")
    status, html = shown(link)
    assert (status, "Paused" in html) == (200, True)


def test_while_nobody_can_work_it_says_what_it_waits_for_and_not_that_it_runs(
    link: str, sample_workflow: Workflow, run: Run
) -> None:
    liveness.sign_in(RunnerInfo("test", Runner.Kind.LOCAL, threads=1))
    run(1)
    registry.set_enabled(["clerk"], is_enabled=False, by="olga")
    html = shown(link)[1]
    assert "Waiting for Clerk: switched off by olga" in html
    assert "Running" not in html
    assert " left" not in html


def test_it_does_not_run_when_whoever_worked_is_gone(link: str, sample_workflow: Workflow, run: Run) -> None:
    run(1)
    assert claims.claim_next("gone", None, None)
    html = shown(link)[1]
    assert "Nobody runs work: start a worker" in html
    assert "Running" not in html


def test_while_somebody_works_it_says_what_is_done_and_beside_it_what_waits(
    link: str, sample_workflow: Workflow, run: Run
) -> None:
    liveness.sign_in(RunnerInfo("test", Runner.Kind.LOCAL, threads=1))
    run(1)
    assert claims.claim_next("test", None, None)
    registry.set_enabled(["clerk"], is_enabled=False, by="olga")
    html = shown(link)[1]
    assert "Running" in html
    assert "<p>Spell</p>" in html
    assert "Waiting for Clerk: switched off by olga" in html


def test_between_two_tasks_it_does_not_run_either(link: str, sample_workflow: Workflow, run: Run) -> None:
    liveness.sign_in(RunnerInfo("test", Runner.Kind.LOCAL, threads=1))
    run(1)
    html = shown(link)[1]
    assert "Getting the next step ready" in html
    assert "Running" not in html


def test_a_film_takes_the_place_of_the_frames(
    link: str, sample_agent: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    def film(job: Job, word: str) -> None:
        draw(job, word)
        path = job.workdir / "film.mp4"
        path.write_bytes(b"film")
        job.keep(path, name="film.mp4", kind=ArtifactKind.VIDEO, media_type="video/mp4")

    sample_agent.on_spell = film
    run()
    html = shown(link)[1]
    assert re.search(r'<video controls preload="metadata" src="/api/workflows/[^"]+signature=', html)
    assert "<img" not in html


def test_nothing_of_it_is_a_script_or_comes_from_elsewhere(link: str) -> None:
    answer: Any = Client().get(link)
    html, policy = answer.content.decode(), answer.headers["Content-Security-Policy"]
    assert not re.search(r"<script|\son\w+=|style=|<style", html)
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert policy.endswith(f"frame-ancestors {STUDIO}")
    assert "X-Frame-Options" not in answer.headers
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert not answer.cookies


@pytest.mark.parametrize("kind", ["none", "nonsense", "access", "workflow", "late", "another workflow's"])
def test_only_its_own_link_opens_it(
    alice: User,
    sample_workflow: Workflow,
    access_token: Callable[[User], str],
    kind: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    other = coordinator.create(pipeline="telegram", given={"text": "stop"}, owner=alice)
    token = {
        "none": "",
        "nonsense": "x.y.z",
        "access": access_token(alice),
        "workflow": token_for(sample_workflow, alice, kind=WorkflowToken),
        "late": token_for(sample_workflow, alice, -1),
        "another workflow's": token_for(other, alice),
    }[kind]
    status, html = shown(f"/embed/{sample_workflow.pk}?token={token}")
    assert status in (401, 404)
    assert sample_workflow.title not in html
    assert not token or token not in caplog.text
    assert ("has expired" if kind == "late" else "does not open anything here") in html
    assert "refresh" not in html


@pytest.mark.parametrize(
    "reason", ["the login has ended", "the user is disabled", "the workflow is not theirs any more"]
)
def test_a_link_ends_with_who_gave_it_away(alice: User, bob: User, sample_workflow: Workflow, reason: str) -> None:
    link = f"/embed/{sample_workflow.pk}?token={token_for(sample_workflow, alice)}"
    assert shown(link)[0] == 200
    match reason:
        case "the login has ended":
            end_login(LOGIN)
        case "the user is disabled":
            User.objects.filter(pk=alice.pk).update(is_active=False)
        case _:
            Workflow.objects.filter(pk=sample_workflow.pk).update(owner=bob)
    status, html = shown(link)
    assert status in (401, 403, 404)
    assert sample_workflow.title not in html


def test_a_link_opens_nothing_of_the_api(link: str, sample_workflow: Workflow) -> None:
    query = urlsplit(link).query
    assert Client().get(f"/api/workflows/{sample_workflow.pk}/?{query}").status_code == 401
    token = query.removeprefix("token=")
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get(f"/api/workflows/{sample_workflow.pk}/", headers=headers).status_code == 401


def test_where_embedding_is_switched_off_there_are_no_links_and_no_pages(
    link: str, as_user: AsUser, alice: User, sample_workflow: Workflow, settings: Settings
) -> None:
    settings.EMBED_ANCESTORS = []
    made = as_user(alice).post(f"/api/workflows/{sample_workflow.pk}/tokens/", {"may": "watch"}).json()
    assert made["embed_url"] is None
    answer: Any = Client().get(link)
    assert (answer.status_code, "switched off" in answer.content.decode()) == (403, True)
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


@pytest.mark.parametrize(
    ("value", "sources"),
    [
        ("", []),
        ("none", []),
        ("*", ["*"]),
        ("self, https://Studio.example/", ["'self'", "https://studio.example"]),
    ],
)
def test_the_setting_names_who_may_frame_it(value: str, sources: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBED_ANCESTORS", value)
    assert env.ancestors("EMBED_ANCESTORS") == sources


@pytest.mark.parametrize("value", ["studio.example", "none,https://studio.example", "https://a.example; script-src *"])
def test_what_cannot_frame_it_is_named_at_the_start(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBED_ANCESTORS", value)
    with pytest.raises(ImproperlyConfigured, match="EMBED_ANCESTORS is"):
        env.ancestors("EMBED_ANCESTORS")
