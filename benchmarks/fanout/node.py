"""Socket.IO on Node, installed from npm as socketio/package-lock.json pins it."""

import hashlib
import shutil
import subprocess
from functools import cache
from pathlib import Path

from benchmarks.fanout.contestant import Place

HERE = Path(__file__).resolve().parent / "socketio"
ROOT = HERE.parent.parent.parent
FILES = ("package.json", "package-lock.json", "server.js")
INSTALL_SECONDS = 120.0


@cache
def missing() -> str:
    """Why it cannot run here; installs it, where it can be."""
    if not (shutil.which("node") and shutil.which("npm")):
        return "Node is not installed"
    try:
        install()
    except (subprocess.SubprocessError, OSError) as error:
        return f"npm could not install it ({error})"
    return ""


def server(_place: Place) -> list[str]:
    """Node with Socket.IO."""
    return ["node", str(folder() / "server.js")]


def folder() -> Path:
    """Where it is installed: one folder for each state of its files."""
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()[:12]
    return ROOT / "var" / "benchmarks" / f"socketio-{digest}"


def install() -> None:
    """Puts the files and their packages there, if they are not.

    Raises: subprocess.SubprocessError.
    """
    there = folder()
    if (there / "node_modules").is_dir():
        return
    there.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(HERE / name, there)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=there, check=True, timeout=INSTALL_SECONDS, capture_output=True)
