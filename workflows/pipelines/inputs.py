"""Validates a workflow's input against its pipeline's JSON Schema; each error names its field and says how to correct it."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

import jsonschema
import msgspec

from agents import schemas
from workflows.errors import InvalidInput
from workflows.pipelines.base import Pipeline

Json = dict[str, Any]

READABLE_CONTROLS = frozenset("\t\n\r\f")
TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}
WHOLE = 2**53  # beyond it a float is no certain number
UNREADABLE_SHARE = 0.02  # of the characters; above it, a text counts as binary data


def checked(pipeline: Pipeline, given: object) -> msgspec.Struct | Json:
    """The input with defaults filled in, as an instance of `pipeline.takes` if there is one. `given` is decoded JSON.

    Raises: InvalidInput; its `fields` hold a sentence for each field that is wrong.
    """
    given = whole(given)
    if not isinstance(given, dict):
        raise InvalidInput("The input must be an object.")
    fields = schema_errors(pipeline.input_schema, given)
    fields |= unreadable({field: value for field, value in given.items() if field not in fields})
    refuse(fields)
    checked = msgspec.convert(given, pipeline.takes) if pipeline.takes else _with_defaults(pipeline, given)
    refuse(pipeline.excess_of(checked))
    return checked


def _with_defaults(pipeline: Pipeline, given: Json) -> Json:
    properties = schemas.fields_of(pipeline.input_schema)
    return {name: schema["default"] for name, schema in properties.items() if "default" in schema} | given


def refuse(fields: dict[str, str]) -> None:
    """Raises InvalidInput when a field is wrong."""
    if fields:
        raise InvalidInput(" ".join(fields.values()), fields=fields)


def schema_errors(schema: Json, given: Json) -> dict[str, str]:
    """A sentence for each field of an object that does not fit its schema."""
    validator = schemas.validator(schema)
    errors: dict[str, str] = {}
    for error in validator.iter_errors(given):
        for field in _fields_of(error, given):
            errors.setdefault(field, _sentence(field, error))
    return errors


def _fields_of(error: jsonschema.ValidationError, given: Json) -> list[str]:
    if error.absolute_path:  # of something within a field
        return [str(error.absolute_path[0])]
    if error.validator == "required":
        return [name for name in error.validator_value if name not in given]
    if error.validator == "additionalProperties":
        return sorted(set(given) - set(error.schema.get("properties", ())))
    return ["input"]


def _sentence(field: str, error: jsonschema.ValidationError) -> str:
    """What is wrong with `field`, and how to correct it. jsonschema's own message would quote the whole value."""
    name = field.capitalize()
    if error.validator == "required" and error.absolute_path:
        lacking = ", ".join(each for each in error.validator_value if each not in error.instance)
        return f"An entry of {field} lacks {lacking}."
    if error.validator == "required" or (isinstance(error.instance, str) and not error.instance.strip()):
        return f"{name} is missing: please write something."
    if error.validator == "maxItems":
        return f"{name} has {len(error.instance)} entries; at most {error.validator_value} are allowed."
    if len(error.absolute_path) > 1:  # of something within the field
        return f"An entry of {field} {_what_is_wrong(error)}"
    return f"{name} {_what_is_wrong(error)}"


def _what_is_wrong(error: jsonschema.ValidationError) -> str:
    wanted = error.validator_value
    match error.validator:
        case "minLength" | "maxLength" as limit:
            size, bound = ("short", "least") if limit == "minLength" else ("long", "most")
            advice = "" if limit == "minLength" else " Shorten it."
            return f"is too {size}: {len(error.instance):,} characters of at {bound} {wanted:,}.{advice}"
        case "minimum":
            return f"must be at least {wanted}."
        case "maximum":
            return f"must be at most {wanted}."
        case "exclusiveMinimum":
            return f"must be more than {wanted}."
        case "type":
            return f"must be {TYPES.get(str(wanted), 'of another type')}."
        case "enum":
            return f"must be one of {', '.join(map(str, wanted))}."
        case "additionalProperties":
            return "is not a field of this pipeline's input."
        case _:
            return "does not fit."


def unreadable(given: Json) -> dict[str, str]:
    """A sentence for each field with text that cannot be stored or read."""
    return {
        field: f"{field.capitalize()} is not readable text: it looks like a binary file."
        for field, value in given.items()
        if not all(map(is_readable, texts_of(value)))
    }


def texts_of(value: object) -> Iterator[str]:
    """Every text in decoded JSON, the names of fields included."""
    match value:
        case str():
            yield value
        case dict():
            for name, entry in value.items():
                yield str(name)
                yield from texts_of(entry)
        case list():
            for entry in value:
                yield from texts_of(entry)
        case _:
            pass


def is_readable(text: str) -> bool:
    """Whether `text` can be stored and read: no NUL, no lone surrogate, and at most 2 % control or undecodable characters."""
    characters = Counter(text)  # each kind is judged once: a screenplay is long and is checked in the server's process
    if "\0" in characters or any("\ud800" <= character <= "\udfff" for character in characters):
        return False
    unreadable = sum(count for character, count in characters.items() if _is_unreadable(character))
    return unreadable <= UNREADABLE_SHARE * len(text)


def _is_unreadable(character: str) -> bool:
    is_control = unicodedata.category(character) in {"Cc", "Cn"} and character not in READABLE_CONTROLS
    return is_control or character == "\ufffd"


def whole(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The value with 3 for 3.0: the same number in JSON, and the only one for some writers of it."""
    if isinstance(value, float) and value.is_integer() and abs(value) < WHOLE:
        return int(value)
    if isinstance(value, dict):
        return {name: whole(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [whole(entry) for entry in value]
    return value
