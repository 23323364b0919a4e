"""Where the fixtures of all tests are, and the options of pytest."""

import pytest

pytest_plugins = [
    "tests.fixtures.connections",
    "tests.fixtures.openai_provider",
    "tests.fixtures.people",
    "tests.fixtures.servers",
    "tests.fixtures.workflows",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option that script/screenshots uses."""
    parser.addoption("--screenshots", action="store_true", help="journeys put pictures of the pages into docs/images")
