"""The data folder of runners: its id, and the locks that show which of them live."""

import fcntl
import os
import uuid
from pathlib import Path

from django.conf import settings


def data_folder_id() -> str:
    """Tells this data folder from others that share its database; made once and kept in its file `place`."""
    path = Path(settings.DATA_DIR) / "place"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x") as file:
            file.write(uuid.uuid4().hex[:12])
    except FileExistsError:
        pass
    return path.read_text().strip()


def runner_name() -> str:
    """A new name for a runner of this process. Begins with the id of its data folder."""
    return f"{data_folder_id()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def runner_lock(name: str) -> "FolderLock":
    """A lock that the runner of this name holds as long as its process lives."""
    path = _locks() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return FolderLock(path)


def dead_runners() -> list[str]:
    """The names of this folder's runners whose process has died. Each is named once: to the first who asks."""
    return [path.name for path in _locks().glob("*") if _is_free(path)]


def _locks() -> Path:
    return Path(settings.DATA_DIR) / "runners"


def _is_free(path: Path) -> bool:
    lock = FolderLock(path)
    if not lock.take():
        return False
    path.unlink(missing_ok=True)
    lock.release()
    return True


class FolderLock:
    """An advisory lock on a file; the kernel releases it when the process dies, however it dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds it."""
        return self._descriptor is not None

    def take(self) -> bool:
        """Takes it; False when another process holds it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def delete(self) -> None:
        """Releases it, and deletes its file, which nobody will need again."""
        if self.is_held:
            self._path.unlink(missing_ok=True)
        self.release()

    def release(self) -> None:
        """Releases it, if it is held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
