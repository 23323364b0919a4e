"""The units of systemd: without a mistake, and with no more rights than they need."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.deployment.programs import program
from tests.server import ROOT

UNITS = ["callboard.service", "callboard-worker@.service", "callboard.target"]
SERVICES = UNITS[:2]
MOST_EXPOSURE = "30"  # tenths: 3.0, where systemd begins to speak of medium exposure at 5
SECONDS = 60


@pytest.mark.parametrize("unit", SERVICES)
def test_a_service_is_exposed_little(unit: str) -> None:
    command = ["security", "--offline=yes", f"--threshold={MOST_EXPOSURE}", str(ROOT / "deploy" / unit)]
    subprocess.run([program("systemd-analyze"), *command], check=True, timeout=SECONDS, capture_output=True)


def test_the_units_have_no_mistake(tmp_path: Path) -> None:
    for unit in UNITS:  # what they run is elsewhere here
        text = (ROOT / "deploy" / unit).read_text().replace("/opt/callboard/current", str(tmp_path))
        (tmp_path / unit).write_text(text)
    for command in ("script/server", ".venv/bin/python"):
        (tmp_path / command).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / command).write_text("#!/bin/sh\n")
        (tmp_path / command).chmod(0o755)
    files = [str(tmp_path / unit) for unit in ("callboard.service", "callboard-worker@one.service", "callboard.target")]
    (tmp_path / "callboard-worker@.service").rename(files[1])
    verify = [program("systemd-analyze"), "verify", "--man=no", *files]
    verified = subprocess.run(verify, check=False, timeout=SECONDS, capture_output=True, text=True)
    said = [line for line in verified.stderr.splitlines() if "callboard" in line]
    assert (verified.returncode, said) == (0, [])


@pytest.mark.parametrize("unit", SERVICES)
def test_a_service_keeps_what_it_writes_to_itself(unit: str) -> None:
    settings = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / "deploy" / unit).read_text(), re.MULTILINE))
    assert (settings["UMask"], settings["StateDirectoryMode"], settings["ProtectSystem"]) == ("0077", "0700", "strict")
    assert settings["Type"] == "notify"
    assert int(settings["LimitNOFILE"]) >= 65_536
    assert {"MemoryMax", "TasksMax", "WatchdogSec"} <= settings.keys()


def test_a_worker_is_held_as_tightly_as_a_server() -> None:
    server, worker = ((ROOT / "deploy" / unit).read_text().partition("# It needs no more")[2] for unit in SERVICES)
    assert server
    assert worker == server


def test_what_ffmpeg_is_started_by_may_set_its_capabilities() -> None:
    """setpriv always does, and a film failed under @privileged without this exception."""
    for unit in SERVICES:
        filters = re.findall(r"^SystemCallFilter=(.*)$", (ROOT / "deploy" / unit).read_text(), re.MULTILINE)
        assert filters == ["@system-service", "~@privileged", "capset"]
