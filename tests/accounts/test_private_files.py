"""What Callboard writes is for the user alone that it runs as."""

import os
import stat
from pathlib import Path

import pytest

from project import env
from tests.server import Server


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_database_log_and_key_of_a_server_are_private(own_server: Server) -> None:
    with own_server.client("alice") as http:
        assert http.get("/api/auth/me/").is_success
    kept = [*own_server.data_dir.glob("callboard.sqlite3*"), own_server.data_dir / "secret_key"]
    kept += list((own_server.data_dir / "logs").glob("server.log"))
    assert len(kept) >= 5  # the database with -wal and -shm, the key, the log
    assert {mode(path) for path in kept} == {"0o600"}


def test_the_folder_of_an_earlier_version_is_made_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    folder.chmod(0o755)
    monkeypatch.setenv("DATA_DIR", str(folder))
    assert env.private_folder("DATA_DIR", tmp_path) == folder
    assert mode(folder) == "0o700"


def test_a_folder_that_all_share_stays_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o1777)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    env.private_folder("DATA_DIR", tmp_path)
    assert mode(tmp_path) == "0o1777"


def test_what_any_process_of_ours_makes_is_private() -> None:
    before = os.umask(0o077)
    assert before == 0o077
