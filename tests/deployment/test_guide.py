"""deploy/README.md: what it tells one to type is run here, as root, over a copy of the system that is gone afterwards."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.docs.fences import fences_of
from tests.server import ROOT

GUIDE = (ROOT / "deploy/README.md").read_text()
COMMAND = (ROOT / "deploy/callboard").read_text()
SECONDS = 120
# In a mount namespace of its own. `sudo` and `systemctl` are not there: the one is not needed, the other only told.
OVER_A_COPY = """
set -eu
umask 022  # as that of a shell; settings of the tests have made it narrower
mount --make-rprivate /
mount -t tmpfs tmpfs "$SCRATCH"
for folder in /etc /usr/local; do
    mkdir -p "$SCRATCH/upper$folder" "$SCRATCH/work$folder"
    mount -t overlay overlay -o "lowerdir=$folder,upperdir=$SCRATCH/upper$folder,workdir=$SCRATCH/work$folder" "$folder"
done
for folder in /opt /var/lib /var/backups; do mount -t tmpfs tmpfs "$folder"; done
mkdir -p /etc/systemd/system /etc/nginx/conf.d
sudo() { if [ "$1" = systemctl ]; then echo "$@"; else "$@"; fi; }
printf '#!/bin/sh\\necho systemctl "$@"\\n' >/usr/local/bin/systemctl
chmod +x /usr/local/bin/systemctl
PATH=/usr/local/bin:$PATH
"""
INSTALLED = """
stat -c '%a %U %G %n' /usr/local/bin/callboard /etc/callboard.env /etc/systemd/system/callboard.service /opt/callboard/releases/*
readlink /opt/callboard/current
find /opt/callboard/current/ ! -user root -o -perm /022 ! -type l
callboard releases
"""
LEFT = """
echo left:
find /opt /var/lib /var/backups /usr/local /etc -name '*callboard*'
id callboard 2>&1 || true
"""


def blocks() -> list[str]:
    """The commands that install it, that add servers and workers, and that remove it."""
    return [
        fence.text for fence in fences_of(ROOT / "deploy/README.md") if fence.detail == "tests/deployment/test_guide.py"
    ]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """One whose set-up is quick: script/setup itself is run by script/test, before all tests."""
    checkout = tmp_path / "checkout"
    (checkout / "script").mkdir(parents=True)
    (checkout / "deploy").symlink_to(ROOT / "deploy")
    setup = checkout / "script/setup"
    setup.write_text('#!/bin/sh\nmkdir -p "$DATA_DIR"\nid --user --name >"$DATA_DIR/built-by"\n')
    setup.chmod(0o755)
    return checkout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a mount namespace")
def test_it_is_installed_extended_and_removed_as_the_guide_says(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    install, several, uninstall = blocks()
    commands = [OVER_A_COPY, install, INSTALLED, "cat /opt/callboard/current/var/built-by", several]
    commands += ["grep ^ExecStart= /etc/systemd/system/callboard-8001.service", uninstall, LEFT]
    ran = subprocess.run(
        ["unshare", "--mount", "bash", "-c", "\n".join(commands)],
        cwd=checkout,
        env={**os.environ, "SCRATCH": str(tmp_path / "scratch")},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    installed, _, left = ran.stdout.partition("left:\n")
    release = re.search(r"^\* (\S+)$", installed, re.MULTILINE)
    assert release, installed
    assert "755 root root /usr/local/bin/callboard" in installed
    assert "640 root callboard /etc/callboard.env" in installed
    assert f"root root /opt/callboard/releases/{release[1]}\n/opt/callboard/releases/{release[1]}\n* " in installed
    assert "\ncallboard\n" in installed  # built the release
    assert "ExecStart=/usr/bin/env PORT=8001 /opt/callboard/current/script/server --no-setup" in installed
    (nobody,) = left.splitlines()  # no file, and no user
    assert nobody.endswith("no such user")


def test_every_file_and_every_command_that_the_guide_names_is_there() -> None:
    shell = "\n".join(re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL))
    files = set(re.findall(r"\bdeploy/[\w./@-]+", shell)) - {"deploy/compose/.env"}
    assert len(files) > 6
    assert [name for name in sorted(files) if not (ROOT / name).exists()] == []
    commands = set(re.findall(r"^(?:sudo )?callboard (\w+)", shell, re.MULTILINE))
    assert len(commands) > 8
    assert [name for name in sorted(commands) if f'"{name}":' not in COMMAND] == []


def test_every_setting_in_the_example_is_one() -> None:
    settings = (ROOT / "project/settings.py").read_text()
    names = re.findall(r"^#?([A-Z_]+)=", (ROOT / "deploy/callboard.env").read_text(), re.MULTILINE)
    elsewhere = {"CALLBOARD_ADMIN_PASSWORD"}  # script/prepare.py
    assert [name for name in names if f'"{name}"' not in settings and name not in elsewhere] == []
