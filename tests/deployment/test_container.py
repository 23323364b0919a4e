"""The image and the compose file: linted, and what the image consists of run as it would be, with a read-only root."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import jsonschema
import pytest
import yaml

from tests.cast import PASSWORD
from tests.deployment.programs import program
from tests.server import FRONTEND_DIST, ROOT, START_SECONDS, STOP_SECONDS, free_port
from tests.waiting import wait_for

Json = dict[str, Any]
DOCKERFILE = ROOT / "deploy/Dockerfile"
COMPOSE = ROOT / "deploy/compose.yaml"
CHECK_SECONDS = 60
# In a mount namespace of its own: all is read-only but the data and the temporary files.
READ_ONLY = """
mount --make-rprivate / && mount --bind "$DATA_DIR" "$DATA_DIR" && mount -t tmpfs tmpfs "$TMPDIR" && mount -o remount,bind,ro /
exec "$@"
"""


def test_the_dockerfile_has_no_faults() -> None:
    subprocess.run([program("hadolint"), DOCKERFILE], check=True, timeout=CHECK_SECONDS)


def test_the_image_is_not_run_as_root_and_has_no_tools_to_build() -> None:
    last = DOCKERFILE.read_text().split("\nFROM ")[-1]
    assert re.search(r"^USER \d+:\d+$", last, re.MULTILINE)
    assert not re.search(r"pip install|npm|apt-get|gcc|curl|wget", last)


@pytest.fixture
def compose_folder(tmp_path: Path) -> Path:
    """The files of compose with their secrets made, as the guide says."""
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy", ignore=shutil.ignore_patterns(".env", "metrics_token"))
    make = ["sh", "deploy/compose/secrets.sh", "films.example.org"]
    subprocess.run(make, cwd=tmp_path, check=True, timeout=CHECK_SECONDS)
    return tmp_path / "deploy"


def test_the_compose_file_keeps_to_the_specification() -> None:
    schema = (
        Path(program("docker-compose")).resolve().parents[1]
        / "lib/python3/dist-packages/compose/config/compose_spec.json"
    )
    if not schema.exists():
        pytest.skip("this docker-compose brings no schema")
    jsonschema.Draft7Validator(json.loads(schema.read_text())).validate(yaml.safe_load(COMPOSE.read_text()))


def test_compose_reads_the_file_with_the_secrets_that_were_made(compose_folder: Path) -> None:
    files = ["--env-file", str(compose_folder / "compose/.env"), "-f", str(compose_folder / "compose.yaml")]
    read = subprocess.run(
        [program("docker-compose"), *files, "config"], check=True, timeout=CHECK_SECONDS, capture_output=True, text=True
    )
    services = yaml.safe_load(read.stdout)["services"]
    assert set(services) == {"web-1", "web-2", "worker-1", "worker-2", "database", "valkey", "caddy", "prometheus"}
    assert all(service["read_only"] and service["cap_drop"] == ["ALL"] for service in services.values())
    assert services["web-1"]["environment"]["METRICS_TOKEN"] == (compose_folder / "compose/metrics_token").read_text()


def test_secrets_are_made_once_and_readable_for_their_owner_alone(compose_folder: Path) -> None:
    settings = compose_folder / "compose/.env"
    assert settings.stat().st_mode & 0o077 == 0
    made = settings.read_text()
    again = ["sh", str(compose_folder / "compose/secrets.sh"), "films.example.org"]
    assert subprocess.run(again, check=False, capture_output=True, timeout=CHECK_SECONDS).returncode != 0
    assert settings.read_text() == made
    values = [line.partition("=")[2] for line in made.splitlines()]
    assert len(set(values)) == len(values)


# --- the image, without Docker ---


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A folder with what the last stage of the Dockerfile copies from the checkout, and from the stages before."""
    folder = tmp_path / "image"
    folder.mkdir()
    for sources, target in copied():
        for source in sources:
            put(ROOT / source, folder / target if len(sources) == 1 else folder / source)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    (folder / "pages").symlink_to(FRONTEND_DIST)
    return folder


def copied() -> Iterator[tuple[list[str], str]]:
    """What is copied from the checkout into the image: sources and target."""
    last = DOCKERFILE.read_text().split("\nFROM ")[-1]
    for words in re.findall(r"^COPY (?!--from)(.+)$", last, re.MULTILINE):
        *sources, target = words.split()
        yield sources, target


def put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    else:
        shutil.copy(source, target)


def environment(image: Path, data_dir: Path) -> dict[str, str]:
    """The one of the image, with its folders here."""
    last = DOCKERFILE.read_text().split("\nFROM ")[-1]
    (block,) = re.findall(r"^ENV ((?:.*\\\n)*.*)$", last, re.MULTILINE)
    given = dict(word.split("=", 1) for word in block.replace("\\\n", " ").split())
    here = {"/var/lib/callboard": str(data_dir), "/opt/callboard": str(image)}
    for path, folder in here.items():
        given = {name: value.replace(path, folder) for name, value in given.items()}
    return {"PATH": os.environ["PATH"], **given, "CALLBOARD_ADMIN_PASSWORD": PASSWORD, "PORT": str(free_port())}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a mount namespace")
def test_what_is_in_the_image_serves_with_a_read_only_root(image: Path, tmp_path: Path) -> None:
    for name in ("data", "temporary"):
        (tmp_path / name).mkdir()
    variables = {**environment(image, tmp_path / "data"), "TMPDIR": str(tmp_path / "temporary")}
    command = re.findall(r"^CMD (\[.*\])$", DOCKERFILE.read_text(), re.MULTILINE)[-1]
    check = re.findall(r"^    CMD (\[.*\])$", DOCKERFILE.read_text(), re.MULTILINE)[-1]
    read_only = ["unshare", "--mount", "sh", "-c", READ_ONLY, "sh", *json.loads(command)]
    with (tmp_path / "output").open("wb") as output:
        process = subprocess.Popen(read_only, cwd=image, env=variables, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: process.poll() is not None or is_healthy(json.loads(check), image, variables))
        assert process.poll() is None, (tmp_path / "output").read_text()
        with httpx2.Client(base_url=f"http://127.0.0.1:{variables['PORT']}", trust_env=False) as http:
            who = {"username": "admin", "password": PASSWORD}
            assert http.post("/api/auth/token/", json=who).is_success
            assert "<script" in http.get("/").raise_for_status().text
    finally:
        process.terminate()
        assert process.wait(STOP_SECONDS) == 0
    assert not list(image.rglob("__pycache__"))


def is_healthy(check: list[str], image: Path, variables: dict[str, str]) -> bool:
    """What HEALTHCHECK says."""
    asked = subprocess.run(check, cwd=image, env=variables, check=False, capture_output=True, timeout=START_SECONDS)
    return asked.returncode == 0
