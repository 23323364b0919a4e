"""Programs of tests/js, run with the packages that `script/setup --dev` installs for them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.prepared_data import ROOT

SCRIPTS = ROOT / "tests" / "js"
INSTALLED = Path(os.environ.get("CALLBOARD_NODE_TESTS") or ROOT / "var" / "node-tests")


def run_in_node(folder: Path, script: str, *arguments: str, seconds: float, **environment: str) -> str:
    """What the program prints. Skips the test where its packages are not installed; fails it when the program fails.

    `folder` is one of the test's own: Node looks for packages beside a program.
    """
    if not (INSTALLED / "node_modules").is_dir():
        pytest.skip(f"no packages in {INSTALLED}: script/setup --dev installs them")
    shutil.copy(SCRIPTS / script, folder)
    (folder / "node_modules").symlink_to(INSTALLED / "node_modules")
    ran = subprocess.run(
        ["node", script, *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    return ran.stdout
