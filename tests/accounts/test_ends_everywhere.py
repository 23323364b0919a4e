"""A changed password, a disabled account and "sign out everywhere" end all sign-ins of a person at once, at every door."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from accounts.logins import end_all
from accounts.models import Login
from realtime.database import in_thread
from tests import cast
from tests.fixtures.connections import Connect
from tests.fixtures.workflows import Run
from workflows.a2a.authentication import user_of
from workflows.artifacts.links import signed_artifact_url
from workflows.models import Artifact, Workflow

JSON = "application/json"
NEW = "an entirely other phrase"


class SignIn:
    """A browser of a person."""

    def __init__(self, who: str, address: str = "203.0.113.1") -> None:
        self.browser = Client(REMOTE_ADDR=address, headers={"User-Agent": "curl/8.5"})
        self.pair = self.post("/api/auth/token/", username=who, password=cast.PASSWORD).json()

    def post(self, path: str, **body: str) -> Any:  # noqa: ANN401
        return self.browser.post(path, body, content_type=JSON, headers=self.headers())

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.pair['access']}"} if hasattr(self, "pair") else {}

    def get(self, path: str) -> int:
        return int(self.browser.get(path, headers=self.headers()).status_code)

    def is_renewed(self) -> bool:
        answer = self.post("/api/auth/token/refresh/", refresh=self.pair["refresh"])
        if answer.status_code == 200:
            self.pair = answer.json()
        return bool(answer.status_code == 200)


class Doors(NamedTuple):
    """What a person has who is signed in, and has gone through every door."""

    person: SignIn
    workflow_token: str
    workflow: str

    def open(self) -> set[str]:
        """Those that are open now."""
        with_token = {"Authorization": f"Bearer {self.workflow_token}"}
        found = {
            "API": self.person.get("/api/auth/me/") == 200,
            "start of a workflow": self.person.post("/api/workflows/").status_code == 400,
            "admin": self.person.browser.get("/admin/").status_code == 200,
            "A2A": user_of(f"Bearer {self.person.pair['access']}") is not None,
            "workflow token": Client().get(self.workflow, headers=with_token).status_code == 200,
            "refresh": self.person.is_renewed(),
        }
        return {name for name, is_open in found.items() if is_open}


ALL_DOORS = {"API", "start of a workflow", "admin", "A2A", "workflow token", "refresh"}


@pytest.fixture
def ada(db: None) -> User:
    """A member of the staff."""
    return cast.enter("ada")


@pytest.fixture
def doors(ada: User, sample_workflow: Workflow) -> Doors:
    """Those of Ada, on the laptop that is stolen."""
    stolen = SignIn("ada")
    stolen.post("/api/auth/admin/", refresh=stolen.pair["refresh"])
    workflow = f"/api/workflows/{sample_workflow.pk}/"
    made = stolen.post(f"{workflow}tokens/", may="watch").json()["token"]
    return Doors(stolen, made, workflow)


def over_the_api(_: User) -> None:
    phone = SignIn("ada")
    assert phone.post("/api/auth/password/", old=cast.PASSWORD, new=NEW).status_code == 204
    assert phone.get("/api/auth/me/") == 200  # who changes it stays
    assert phone.is_renewed()


def in_the_admin(ada: User) -> None:
    User.objects.create_superuser("root", password=cast.PASSWORD)
    browser = Client()
    browser.force_login(User.objects.get(username="root"))
    given = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    assert browser.post(f"/admin/auth/user/{ada.pk}/password/", given).status_code == 302


def by_the_command(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt="": NEW)
    call_command("changepassword", ada.get_username())


def by_disabling(ada: User) -> None:
    ada.is_active = False
    ada.save()


def everywhere(_: User) -> None:
    assert SignIn("ada").browser.delete("/api/sessions/all/", headers=SignIn("ada").headers()).status_code == 204


@pytest.mark.covers("http_post_auth_password")
@pytest.mark.parametrize("way", [over_the_api, in_the_admin, by_disabling, everywhere])
def test_every_door_is_closed_at_once(doors: Doors, ada: User, way: Callable[[User], None]) -> None:
    assert doors.open() == ALL_DOORS
    way(ada)
    assert doors.open() == set()


def test_every_door_is_closed_by_the_command_for_passwords(
    doors: Doors, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_the_command(ada, monkeypatch)
    assert doors.open() == set()


def test_a_logout_closes_every_door_of_its_login_and_no_other(doors: Doors) -> None:
    phone = SignIn("ada")
    doors.person.post("/api/auth/logout/", refresh=doors.person.pair["refresh"])
    assert doors.open() == set()
    assert phone.get("/api/auth/me/") == 200


async def test_the_sockets_are_closed(connect: Connect, alice: User) -> None:
    laptop, phone = [(await in_thread(SignIn, "alice")).pair["access"] for _ in range(2)]
    first, second = await connect(token=laptop), await connect(token=phone)
    await in_thread(end_all, alice)
    assert [await first.receive_close(), await second.receive_close()] == [4001, 4001]
    refused = await connect(token=laptop)
    assert await refused.receive_close() == 4001


# --- what does not end them ---------------------------------------------------------------------------


def test_a_password_that_is_hashed_anew_at_a_sign_in_is_not_changed(doors: Doors, settings: Settings) -> None:
    before = User.objects.get(username="ada").password
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", *settings.PASSWORD_HASHERS]
    SignIn("ada")
    assert User.objects.get(username="ada").password != before
    assert doors.open() == ALL_DOORS - {"admin"}  # Django's own sessions depend on the hash


def test_other_changes_of_an_account_end_nothing(doors: Doors, ada: User) -> None:
    ada.refresh_from_db()
    ada.email = "ada@studio.example"
    ada.save()
    assert doors.open() == ALL_DOORS


def test_nobody_elses_sign_ins_end(doors: Doors, alice: User) -> None:
    person = SignIn("alice")
    end_all(User.objects.get(username="ada"))
    assert person.get("/api/auth/me/") == 200


# --- links to files -----------------------------------------------------------------------------------


@pytest.fixture
def artifact(sample_workflow: Workflow, run: Run) -> Artifact:
    """One of Alice's."""
    run()
    return Artifact.objects.filter(workflow=sample_workflow)[0]


def link_to(artifact: Artifact) -> str:
    return signed_artifact_url(str(artifact.workflow_id), str(artifact.pk))


def test_links_end_with_the_sign_ins_of_the_owner(artifact: Artifact, alice: User, bob: User) -> None:
    link = link_to(artifact)
    end_all(bob)
    assert Client().get(link).status_code == 200
    end_all(alice)
    assert Client().get(link).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_links_end_with_the_sign_ins_of_who_sees_all(artifact: Artifact, bob: User) -> None:
    link = link_to(artifact)
    bob.user_permissions.add(Permission.objects.get(codename="view_workflow"))
    end_all(User.objects.get(pk=bob.pk))
    assert Client().get(link).status_code == 404
    assert Client().get(link_to(artifact)).status_code == 200  # a new one is good


def test_logins_leave_nothing_behind(doors: Doors, ada: User) -> None:
    end_all(ada)
    assert not Login.objects.exists()
