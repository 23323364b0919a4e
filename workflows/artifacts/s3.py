"""The storage of artifacts in a bucket that speaks Amazon S3's protocol."""

from typing import BinaryIO, cast

from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage


@deconstructible(path="workflows.artifacts.s3.S3ArtifactStorage")
class S3ArtifactStorage(S3Storage):  # type: ignore[misc]  # it ships no types
    """The S3 storage of django-storages, which would read a whole file where only a part of it is asked for."""

    def open_range(self, name: str, start: int, length: int) -> BinaryIO:
        """The bytes from `start` on, `length` of them, as they come over the network. Close it."""
        key = self._normalize_name(name)
        answer = self.bucket.Object(key).get(Range=f"bytes={start}-{start + length - 1}")
        return cast(BinaryIO, answer["Body"])
