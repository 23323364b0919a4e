"""Where the fixtures of all tests are, and the options of pytest."""

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import prepared_data

pytest_plugins = [
    "tests.fixtures.clock",
    "tests.fixtures.connections",
    "tests.fixtures.database",
    "tests.fixtures.measuring",
    "tests.fixtures.openai_provider",
    "tests.fixtures.people",
    "tests.fixtures.servers",
    "tests.fixtures.workflows",
]


# How long examples take says how busy the machine is.
hypothesis_settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("any machine")


def pytest_configure() -> None:
    """Runs before the workers start, so that they inherit the folder."""
    prepared_data.share()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that are given more time take long: they come first, so that no worker is left with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option that script/screenshots uses."""
    parser.addoption("--screenshots", action="store_true", help="journeys put pictures of the pages into docs/images")
