"""Checks a workflow's input against its pipeline's schema, and says per field what to mend."""

import unicodedata
from typing import Any

import jsonschema
import msgspec
from jsonschema.protocols import Validator

from workflows.errors import InvalidInput
from workflows.pipelines.base import Pipeline

Json = dict[str, Any]

READABLE_CONTROLS = frozenset("\t\n\r\f")
UNREADABLE_SHARE = 0.02  # of the characters: more than that is no text but a binary file


def checked(pipeline: Pipeline, given: object) -> msgspec.Struct:
    """The input as the pipeline's own type, with defaults filled in.

    Raises: InvalidInput, with a sentence for each field.
    """
    if not isinstance(given, dict):
        raise InvalidInput("The input must be an object.")
    fields = {**_misfits(pipeline, given), **_unreadable(given)}
    if fields:
        raise InvalidInput(" ".join(fields.values()), fields=fields)
    return msgspec.convert(given, pipeline.takes)


def _misfits(pipeline: Pipeline, given: Json) -> dict[str, str]:
    validator: Validator = jsonschema.Draft202012Validator(pipeline.input_schema)
    misfits: dict[str, str] = {}
    for error in validator.iter_errors(given):
        for field in _fields_of(error, given):
            misfits.setdefault(field, _sentence(field, error))
    return misfits


def _fields_of(error: jsonschema.ValidationError, given: Json) -> list[str]:
    if error.validator == "required":
        return [name for name in error.validator_value if name not in given]
    if error.validator == "additionalProperties":
        return sorted(set(given) - set(error.schema["properties"]))
    return [str(error.absolute_path[0])]


def _sentence(field: str, error: jsonschema.ValidationError) -> str:
    """In our own words: jsonschema's would quote the whole value."""
    name, wanted = field.capitalize(), error.validator_value
    match error.validator:
        case "required" | "minLength" | "pattern":
            return f"{name} is missing: please write something."
        case "maxLength":
            return f"{name} is too long: {len(error.instance):,} characters of at most {wanted:,}."
        case "minimum":
            return f"{name} must be at least {wanted}."
        case "maximum":
            return f"{name} must be at most {wanted}."
        case "type":
            return f"{name} must be a {'whole number' if wanted == 'integer' else 'text'}."
        case "additionalProperties":
            return f"{name} is not a field of this pipeline's input."
        case _:
            return f"{name} does not fit."


def _unreadable(given: Json) -> dict[str, str]:
    return {
        field: f"{field.capitalize()} is not readable text: it looks like a binary file."
        for field, value in given.items()
        if isinstance(value, str) and not is_readable(value)
    }


def is_readable(text: str) -> bool:
    """Whether it is text: no NUL, no lone surrogates, and next to no control or undecodable characters."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        return False
    strange = sum(
        character == "\ufffd"
        or (unicodedata.category(character) in {"Cc", "Cn"} and character not in READABLE_CONTROLS)
        for character in text
    )
    return strange <= UNREADABLE_SHARE * len(text)
