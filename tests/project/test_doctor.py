"""`manage.py doctor`: what is wrong with an installation, what to do about it, and no secret."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from agents import registry
from project import doctor
from project.doctor import Check, Finding, installation, services
from tests import prepared_data
from tests.agents.openai_server import Provider, status
from tests.prepared_data import manage
from tests.workflows.sample_pipeline import SampleAgent
from workflows import liveness
from workflows.liveness import RunnerInfo
from workflows.models import Runner

Json = dict[str, Any]


def look(check: Check) -> list[tuple[str, str]]:
    """What one check finds: levels and sentences."""
    return [(finding.level, finding.found) for finding in check()]


def test_an_installation_that_is_well_has_no_error(tmp_path: Path) -> None:
    prepared_data.copy_to(tmp_path)
    ended = manage(tmp_path, "doctor", "--json")
    findings: list[Json] = json.loads(ended.stdout)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert {finding["subject"] for finding in findings} == {*installation.CHECKS, *services.CHECKS}
    assert {finding["subject"] for finding in findings if finding["level"] != "ok"} <= {
        "runners",
        "files",
    }  # it is stopped
    assert all(finding["advice"] for finding in findings if finding["level"] != "ok")


def test_what_is_wrong_is_said_with_what_to_do_and_without_secrets(tmp_path: Path) -> None:
    secrets = {"OPENAI_API_KEY": "sk-verysecret", "METRICS_TOKEN": "measured", "SECRET_KEY": "signature-" * 6}
    ended = manage(
        tmp_path,
        "doctor",
        STUDIO_TEXT="openai",
        OPENAI_TEXT_MODEL="model",
        OPENAI_BASE_URL="http://127.0.0.1:1/v1",
        REDIS_URL="redis://:pass123word@127.0.0.1:1/0",
        HOST="0.0.0.0",
        **secrets,
    )
    assert ended.returncode == 1
    lines = ended.stdout.splitlines()
    for line in (
        "WARNING hosts: reached from elsewhere without TLS",
        "ERROR   channel layer: it does not answer",
        "ERROR   providers: 127.0.0.1 is out of reach (ConnectError)",
    ):
        assert line in lines
        assert lines[lines.index(line) + 1].startswith("        → ")
    assert "migrations are missing" in ended.stdout
    assert not any(secret in ended.stdout + ended.stderr for secret in (*secrets.values(), "pass123word"))


def test_files_that_others_can_read_are_named(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "secret_key").touch()
    (tmp_path / "secret_key").chmod(0o644)
    tmp_path.chmod(0o755)
    assert ("warning", f"others on this machine can read {tmp_path / 'secret_key'}") in look(
        installation.files_are_private
    )
    tmp_path.chmod(0o700)  # nobody gets as far as that
    assert all(level == "ok" for level, _ in look(installation.files_are_private))


@pytest.mark.parametrize(
    ("given", "level", "found"),
    [
        ({}, "ok", "this machine only"),
        ({"ALLOWED_HOSTS": ["films.example.org"], "HTTPS": True}, "ok", "films.example.org, with TLS"),
        ({"HTTPS": True}, "error", "HTTPS is on, but ALLOWED_HOSTS has only this machine"),
        ({"ALLOWED_HOSTS": ["*"], "HTTPS": True}, "warning", "ALLOWED_HOSTS is *"),
        ({"ALLOWED_HOSTS": ["films.example.org"]}, "warning", "reached from elsewhere without TLS"),
        (
            {"ALLOWED_HOSTS": ["x.org"], "HTTPS": True, "ALLOWED_ORIGINS": ["http://y.org"]},
            "warning",
            "http://y.org may use the API, without TLS",
        ),
    ],
)
def test_host_names_and_tls_are_looked_at(settings: Settings, given: Json, level: str, found: str) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    for name, value in given.items():
        setattr(settings, name, value)
    assert (level, found) in look(installation.hosts_and_tls)


def test_runners_and_the_skills_that_none_of_them_serves_are_named(sample_agent: SampleAgent) -> None:
    assert [level for level, _ in look(services.runners)] == ["warning"]
    skills = frozenset({"cut", "spell"})
    liveness.sign_in(RunnerInfo(name="r", kind=Runner.Kind.WORKER, threads=2, skills=skills))
    (_, alive), (level, unserved) = look(services.runners)
    assert "worker on" in alive
    assert level == "error"
    assert "join" in unserved
    assert "spell" not in unserved


def test_agents_that_are_off_or_lack_something_are_named(sample_agent: SampleAgent) -> None:
    registry.set_enabled([sample_agent.name], is_enabled=False, by="olga", why="a new lens")
    sample_agent.lacks = "CLERK_KEY is not set."
    found = look(services.agents)
    assert ("warning", "clerk is off by olga (a new lens)") in found
    assert ("error", "clerk cannot work: CLERK_KEY is not set.") in found


@pytest.mark.parametrize(
    ("code", "level", "found"),
    [(200, "ok", "answers, for text"), (401, "error", "refuses the key"), (503, "warning", "answers HTTP 503")],
)
def test_the_provider_is_asked_whether_it_takes_the_key(
    provider: Provider, settings: Settings, code: int, level: str, found: str
) -> None:
    settings.STUDIO_TEXT = "openai"
    provider.always("/models", status(code))
    ((is_level, is_found),) = look(services.model_providers)
    assert is_level == level
    assert found in is_found


def test_clocks_that_are_apart_are_an_error(
    settings: Settings, valkey: str, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    settings.REDIS_URL = valkey
    assert look(services.clocks) == [("ok", "as that of Redis")]
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    monkeypatch.setattr(services, "_other_clocks", lambda: iter([("the database", hour_ago)]))
    assert look(services.clocks) == [("error", "3600 s apart from that of the database")]


def test_a_check_that_hangs_or_breaks_is_a_finding_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "CHECK_SECONDS", 0.05)
    released = threading.Event()

    def hangs() -> Iterator[Finding]:
        released.wait()
        yield doctor.ok("hangs", "at last")

    def breaks() -> Iterator[Finding]:
        yield doctor.ok("breaks", "so far")
        raise OSError("Bearer s3same is no good")

    found = list(doctor.examined({"hangs": hangs, "breaks": breaks}))
    released.set()
    assert [(finding.level, finding.subject) for finding in found] == [
        ("error", "hangs"),
        ("ok", "breaks"),
        ("error", "breaks"),
    ]
    assert "s3same" not in found[-1].found
