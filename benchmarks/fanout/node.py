"""Socket.IO on Node, installed with npm in the versions of socketio/package-lock.json."""

import hashlib
import shutil
import subprocess
from functools import cache
from pathlib import Path

from benchmarks.fanout.candidate import Endpoint

HERE = Path(__file__).resolve().parent / "socketio"
ROOT = HERE.parent.parent.parent
FILES = ("package.json", "package-lock.json", "server.js")
INSTALL_SECONDS = 120.0


@cache
def missing() -> str:
    """Installs it on the first call. Returns why it cannot run here; "" when it can."""
    if not (shutil.which("node") and shutil.which("npm")):
        return "Node is not installed"
    try:
        install()
    except (subprocess.SubprocessError, OSError) as error:
        return f"npm could not install it ({error})"
    return ""


def server(_place: Endpoint) -> list[str]:
    """The command that starts it."""
    return ["node", str(folder() / "server.js")]


def folder() -> Path:
    """Where it is installed: the name depends on the contents of FILES."""
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()[:12]
    return ROOT / "var" / "benchmarks" / f"socketio-{digest}"


def install() -> None:
    """Copies FILES to `folder()` and installs their packages there, unless that is done.

    Raises: subprocess.SubprocessError.
    """
    target = folder()
    if (target / "node_modules").is_dir():
        return
    target.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(HERE / name, target)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=target, check=True, timeout=INSTALL_SECONDS, capture_output=True)
