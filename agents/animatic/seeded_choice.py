"""Choices that look random and are reproducible: the same seeds give the same result on every machine."""

import zlib
from collections.abc import Sequence
from hashlib import blake2b
from random import Random
from typing import TypeVar

Choice = TypeVar("Choice")


def seeded_choice(choices: Sequence[Choice], *seeds: object) -> Choice:
    """One of the choices; always the same one for the same seeds."""
    digest = blake2b("\x1f".join(map(str, seeds)).encode(), digest_size=8).digest()
    return choices[int.from_bytes(digest, "big") % len(choices)]


def seeded_random(*words: object) -> Random:
    """A random generator; always the same numbers for the same words, in capitals or not."""
    return Random(zlib.crc32("|".join(str(word).casefold() for word in words).encode()))  # noqa: S311 - not for secrets
