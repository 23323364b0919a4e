"""Reads the word lists that lie beside the code."""

import tomllib
from pathlib import Path
from typing import Any


def read_toml(module_file: str, name: str) -> dict[str, Any]:
    """The tables of the TOML file `name` in the folder of a module, in the file's order. `module_file` is its `__file__`.

    Raises: OSError, tomllib.TOMLDecodeError.
    """
    with (Path(module_file).parent / name).open("rb") as file:
        return tomllib.load(file)


def word_set(words: str) -> frozenset[str]:
    """The words of a text: lists of words read best as prose."""
    return frozenset(words.split())
