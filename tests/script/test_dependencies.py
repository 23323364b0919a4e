"""The locks, the SBOM and the audit of what Callboard depends on."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from script.audit import Verdict, asked, pages_verdict, python_verdict, sentence
from tests.server import ROOT

LOCKS = {"requirements.txt": "requirements.lock", "requirements-dev.txt": "requirements-dev.lock"}
PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", re.MULTILINE)
SBOM_SECONDS = 60


def pins(name: str) -> dict[str, set[str]]:
    """The versions of each package in a file; several where they differ by system."""
    found: dict[str, set[str]] = {}
    for package, version in PINNED.findall((ROOT / name).read_text()):
        found.setdefault(re.sub(r"[-_.]+", "-", package).lower(), set()).add(version)
    return found


@pytest.mark.parametrize("named", LOCKS)
def test_the_lock_holds_what_the_requirements_pin(named: str) -> None:
    """Else run script/lock."""
    locked = pins(LOCKS[named])
    assert {name: locked.get(name) for name in pins(named)} == pins(named)


def test_the_tests_run_on_what_is_installed_without_them() -> None:
    used, tested = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: tested.get(name) for name in used} == used


@pytest.mark.parametrize("lock", LOCKS.values())
def test_every_locked_package_has_hashes_and_the_lock_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if entry.strip()]
    assert len(entries) > 50
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


@pytest.mark.parametrize("lock", ["frontend/package-lock.json", "examples/react-app/package-lock.json"])
def test_the_packages_of_the_pages_have_hashes_and_name_no_address_but_the_public_one(lock: str) -> None:
    packages = json.loads((ROOT / lock).read_text())["packages"]
    fetched = {
        name: one
        for name, one in packages.items()
        if name.startswith("node_modules/") and not one.get("link") and "file:" not in str(one.get("resolved"))
    }
    assert [name for name, one in fetched.items() if "integrity" not in one] == []
    hosts = {str(one["resolved"]).split("/")[2] for one in fetched.values() if "resolved" in one}
    assert hosts <= {"registry.npmjs.org"}


def test_the_sbom_names_every_locked_package(tmp_path: Path) -> None:
    environment = {**os.environ, "DATA_DIR": str(tmp_path)}
    subprocess.run([ROOT / "script" / "sbom"], env=environment, capture_output=True, timeout=SBOM_SECONDS, check=True)
    python = json.loads((tmp_path / "sbom" / "python.cdx.json").read_text())
    pages = json.loads((tmp_path / "sbom" / "pages.cdx.json").read_text())
    assert {re.sub(r"[-_.]+", "-", one["name"]).lower() for one in python["components"]} == set(
        pins("requirements.lock")
    )
    assert {"react", "react-dom"} <= {one["name"] for one in pages["components"]}


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"dependencies": [{"name": "django", "version": "5.2", "vulns": []}]}, 0),
        ({"dependencies": [{"name": "django", "version": "1.0", "vulns": [{"id": "CVE-1"}]}]}, 1),
        ({"dependencies": [{"name": "django", "skip_reason": "not found"}]}, 2),
        ({"dependencies": []}, 2),
    ],
)
def test_a_package_that_could_not_be_looked_up_is_not_called_clean(answer: dict[str, Any], status: int) -> None:
    verdict = python_verdict(answer)
    assert verdict.status == status
    assert ("NOT AUDITED" in sentence(verdict)) == (status == 2)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"vulnerabilities": {}}, 0),
        ({"vulnerabilities": {"react": {"severity": "high"}}}, 1),
        ({"message": "405 Method Not Allowed"}, 2),
    ],
)
def test_a_registry_without_advisories_is_not_called_clean(answer: dict[str, Any], status: int) -> None:
    assert pages_verdict(answer).status == status


@pytest.mark.parametrize("command", [["no-such-program"], ["echo", "no JSON"], ["echo", "[]"], ["echo", "{}"]])
def test_an_audit_without_an_answer_says_so(command: list[str]) -> None:
    verdict = asked(command, python_verdict)
    assert verdict == Verdict([], verdict.not_audited)
    assert sentence(verdict).startswith("NOT AUDITED")
