"""What a JSON Schema says of an object: its properties, and which strings in it are the ids of artifacts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from referencing import Registry

ARTIFACT_ID_FORMAT = "artifact-id"

Json = dict[str, Any]


def references(schema: Json, value: object, *, of_format: str = ARTIFACT_ID_FORMAT) -> list[str]:
    """The ids of artifacts (or of what else has ids of a format) in `value`, each once, in the order in which they stand there; "" is none.

    `value` must fit `schema` (JSON Schema 2020-12; references within the schema are followed).
    """
    found: dict[str, None] = {}

    def note(artifact_id: str) -> str:
        found[artifact_id] = None
        return artifact_id

    _walk(schema, schema, value, note, of_format)
    return list(found)


def rewritten(schema: Json, value: Any, new_ids: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    """`value` with other ids in the places of those that `new_ids` holds."""
    return _walk(schema, schema, value, lambda artifact_id: new_ids.get(artifact_id, artifact_id))


def _walk(
    root: Json,
    schema: object,
    value: Any,  # noqa: ANN401 - any JSON
    change: Callable[[str], str],
    of_format: str = ARTIFACT_ID_FORMAT,
) -> Any:  # noqa: ANN401 - likewise
    schema = _resolved(root, schema)
    if isinstance(value, str):
        return change(value) if value and _has_format(root, schema, of_format) else value
    if isinstance(value, dict):
        properties, others = _merged(root, schema, "properties"), _first(root, schema, "additionalProperties")
        return {
            name: _walk(root, properties.get(name, others), entry, change, of_format) for name, entry in value.items()
        }
    if isinstance(value, list):
        entries = _first(root, schema, "items")
        return [_walk(root, entries, entry, change, of_format) for entry in value]
    return value


def _resolved(root: Json, schema: object) -> Json:
    """The schema that a reference within `root` leads to; {} for what is no object."""
    for _ in range(32):  # a chain of references that is longer leads nowhere
        if not isinstance(schema, dict):
            return {}
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema
        schema = _at(root, reference)
    return {}


def _at(root: Json, reference: str) -> object:
    target: object = root
    for part in reference.removeprefix("#").split("/")[1:]:
        target = target.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(target, dict) else None
    return target


def _choices(root: Json, schema: Json) -> list[Json]:
    """The schema itself, and those that it is made of."""
    parts = [part for word in ("anyOf", "oneOf", "allOf") for part in schema.get(word, ())]
    return [schema, *(_resolved(root, part) for part in parts)]


def _has_format(root: Json, schema: Json, wanted: str) -> bool:
    return any(choice.get("format") == wanted for choice in _choices(root, schema))


def _merged(root: Json, schema: Json, word: str) -> Json:
    merged: Json = {}
    for choice in _choices(root, schema):
        merged.update(choice.get(word, {}))
    return merged


def _first(root: Json, schema: Json, word: str) -> object:
    return next((choice[word] for choice in _choices(root, schema) if word in choice), None)


def inlined(schema: Json) -> Json:
    """The schema of an object with all that it refers to in its place. It must not refer to itself."""

    def whole(part: Any) -> Any:  # noqa: ANN401 - any JSON
        if isinstance(part, dict):
            part = {**_at(schema, part["$ref"]), **part} if "$ref" in part else part  # type: ignore[dict-item]
            return {name: whole(entry) for name, entry in part.items() if name not in ("$ref", "$defs")}
        return [whole(entry) for entry in part] if isinstance(part, list) else part

    inlined: Json = whole(schema)
    return inlined


def validator(schema: Json) -> Validator:
    """Checks values by the schema. A reference out of the schema is not followed: it would be fetched from its address."""
    made: Validator = Draft202012Validator(schema, registry=Registry())
    return made


def fields_of(schema: Json) -> Json:
    """The schema of each property of an object, by name."""
    return _merged(schema, _resolved(schema, schema), "properties")


def field_schema(schema: Json, name: str) -> Json:
    """The schema of a property of an object, to be used by itself.

    Raises: KeyError when it names no such property.
    """
    return {**_resolved(schema, fields_of(schema)[name]), "$defs": schema.get("$defs", {})}


def required_of(schema: Json) -> set[str]:
    """The properties that an object must have."""
    return {name for choice in _choices(schema, _resolved(schema, schema)) for name in choice.get("required", ())}


def takes_others(schema: Json) -> bool:
    """Whether an object is meant to have properties that the schema does not name: it says so, or names none."""
    return not fields_of(schema) or bool(_first(schema, _resolved(schema, schema), "additionalProperties"))


def is_storable(value: object) -> bool:
    """Whether databases take it as JSON: no NUL, no half of a surrogate pair, no NaN.

    Raises: RecursionError.
    """
    try:
        written = json.dumps(value, ensure_ascii=False, allow_nan=False)
        written.encode()
    except ValueError:  # with it UnicodeEncodeError
        return False
    return r"\u0000" not in written.replace(r"\\", "")  # not the backslash itself, which is written as two
