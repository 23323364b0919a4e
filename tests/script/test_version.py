"""One version: project.__version__ is the only place for it in Python; what cannot import it must say the same."""

import json
import re
import tomllib

import pytest
import yaml
from rest_framework.test import APIClient

from project import __version__
from tests.server import ROOT


def test_the_openapi_document_has_the_version(db: None) -> None:
    answer = APIClient().get("/api/schema/", HTTP_ACCEPT="application/json")
    assert answer.json()["info"]["version"] == __version__


def test_the_asyncapi_document_has_the_version() -> None:
    assert yaml.safe_load((ROOT / "docs" / "asyncapi.yaml").read_text())["info"]["version"] == __version__


@pytest.mark.parametrize("name", ["package.json", "package-lock.json"])
def test_the_front_end_has_the_version(name: str) -> None:
    package = json.loads((ROOT / "frontend" / name).read_text())
    assert package["version"] == __version__
    assert package.get("packages", {}).get("", package)["version"] == __version__


def test_the_client_in_python_has_the_version() -> None:
    package = tomllib.loads((ROOT / "clients" / "python" / "pyproject.toml").read_text())
    assert package["project"]["version"] == __version__


@pytest.mark.parametrize("name", ["client", "react"])
def test_the_packages_have_the_version(name: str) -> None:
    package = json.loads((ROOT / "frontend" / "packages" / name / "package.json").read_text())
    assert package["version"] == __version__
    assert package.get("peerDependencies", {}).get("@callboard/client", __version__) == __version__


def test_the_newest_release_in_the_changelog_has_the_version_and_a_date() -> None:
    releases = re.findall(r"^## \[(\d.*?)\] - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert releases[:1] == [__version__]


def test_the_changelog_has_a_place_for_what_is_not_released_yet() -> None:
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text()
