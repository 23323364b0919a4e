"""The storage of artifacts on disk, with atomic writes; and the end of their files with their rows."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible(path="workflows.artifacts.storage.AtomicFileSystemStorage")
class AtomicFileSystemStorage(FileSystemStorage):
    """Django's file storage, but each file is written under a temporary name and renamed: a crash leaves no partial file."""

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".unfinished-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return name

    def remove_folder(self, name: str) -> None:
        """Removes a folder, unless something is still in it."""
        with suppress(OSError):
            Path(self.path(name)).rmdir()

    def open_range(self, name: str, start: int, _length: int) -> BinaryIO:
        """The bytes from `start` on. Close it."""
        file = Path(self.path(name)).open("rb")  # noqa: SIM115 - the caller closes it
        file.seek(start)
        return file
