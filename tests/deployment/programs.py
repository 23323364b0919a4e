"""Programs of the system that a deployment runs on: nginx, Caddy, systemd-analyze; and the linter of its image."""

import os
import shutil
import sys
from pathlib import Path

import pytest

PLACES = "/usr/local/sbin:/usr/sbin:/sbin"  # not in everybody's PATH


def program(name: str) -> str:
    """Its path; skips the test where it is not installed. script/test unpacks those of Debian into CALLBOARD_PROGRAMS."""
    unpacked = Path(os.environ.get("CALLBOARD_PROGRAMS", "/nowhere"), "usr")
    ours = Path(sys.executable).parent
    places = f"{ours}:{os.environ['PATH']}:{PLACES}:{unpacked / 'bin'}:{unpacked / 'sbin'}"
    if found := shutil.which(name, path=places):
        return found
    pytest.skip(f"{name} is not installed")
