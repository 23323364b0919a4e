"""Programs of the system that a deployment runs on: nginx, Caddy, systemd-analyze."""

import os
import shutil
from pathlib import Path

import pytest

PLACES = "/usr/local/sbin:/usr/sbin:/sbin"  # not in everybody's PATH


def program(name: str) -> str:
    """Its path; skips the test where it is not installed. script/test unpacks those of Debian into CALLBOARD_PROGRAMS."""
    unpacked = Path(os.environ.get("CALLBOARD_PROGRAMS", "/nowhere"), "usr")
    places = f"{os.environ['PATH']}:{PLACES}:{unpacked / 'bin'}:{unpacked / 'sbin'}"
    if found := shutil.which(name, path=places):
        return found
    pytest.skip(f"{name} is not installed")
