"""The provider as a fixture, with settings that point to it."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from agents.studio.openai import client
from tests.agents import openai_server
from tests.agents.openai_server import KEY, Provider


class Stopped(Exception):
    """The job was asked to stop."""


class Reports:
    """Collects what is reported; can stop the work as soon as something happens."""

    def __init__(self) -> None:
        self.received: list[tuple[float, str]] = []
        self.stop_when: Any = lambda: False

    def __call__(self, share: float, words: str) -> None:
        self.received.append((share, words))
        if self.stop_when():
            raise Stopped


@pytest.fixture
def reports() -> Reports:
    """A report that remembers."""
    return Reports()


@pytest.fixture
def provider(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A running provider that the settings name, with a short patience."""
    monkeypatch.setattr(client, "FIRST_DELAY_SECONDS", 0.01)
    with openai_server.running() as provider:
        settings.OPENAI_BASE_URL = provider.base_url
        settings.OPENAI_API_KEY = KEY
        settings.OPENAI_TEXT_MODEL = "text-model"
        settings.OPENAI_IMAGE_MODEL = "image-model"
        settings.OPENAI_VIDEO_MODEL = "video-model"
        settings.OPENAI_TIMEOUT_SECONDS = 20.0
        settings.OPENAI_REQUESTS_PER_MINUTE = 10_000
        yield provider
        client.close()
