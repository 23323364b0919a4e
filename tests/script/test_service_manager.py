"""What systemd hears of a server and a worker: that they are ready, live, and stop (Type=notify, WatchdogSec=)."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from tests import prepared_data
from tests.server import START_SECONDS, Server
from tests.worker import Worker

Heard = Callable[[], str]


@pytest.fixture
def service_manager(tmp_path: Path) -> Iterator[tuple[dict[str, str], Heard]]:
    """What it gives its services in their environment, and the next that one of them says."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(str(tmp_path / "notify"))
        channel.settimeout(START_SECONDS)
        yield (
            {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "600000"},
            lambda: channel.recv(4096).decode(),
        )


def test_a_server_says_when_it_answers_that_it_lives_and_when_it_stops(
    service_manager: tuple[dict[str, str], Heard], tmp_path: Path
) -> None:
    environment, heard = service_manager
    with Server(tmp_path, environment) as server:
        assert heard() == f"READY=1\nSTATUS=Serving at {server.url}"
        assert httpx2.get(f"{server.url}/healthz", trust_env=False).is_success
        assert [heard(), heard()] == ["WATCHDOG=1", "WATCHDOG=1"]
        server.stop()
        assert until_other_than_alive(heard) == "STOPPING=1\nSTATUS=Stopping"


def test_a_worker_says_when_it_works_that_it_lives_and_when_it_stops(
    service_manager: tuple[dict[str, str], Heard], tmp_path: Path
) -> None:
    environment, heard = service_manager
    prepared_data.copy_to(tmp_path)
    with Worker(tmp_path, "worker", ["manage", "worker"], environment) as worker:
        assert heard().startswith("READY=1\nSTATUS=")
        assert [heard(), heard()] == ["WATCHDOG=1", "WATCHDOG=1"]
        worker.stop()
        assert until_other_than_alive(heard) == "STOPPING=1\nSTATUS=Stopping"


def test_signs_of_life_for_another_process_are_not_shown(
    service_manager: tuple[dict[str, str], Heard], tmp_path: Path
) -> None:
    environment, heard = service_manager
    with Server(tmp_path, {**environment, "WATCHDOG_PID": "1"}) as server:
        assert heard().startswith("READY=1")
        server.stop()
        assert heard().startswith("STOPPING=1")


def until_other_than_alive(heard: Heard) -> str:
    """The first message that is no sign of life."""
    while (message := heard()) == "WATCHDOG=1":
        pass
    return message
