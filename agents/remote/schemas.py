"""JSON Schemas that another system wrote: what of them is used, and checks that end in time.

Whoever writes a schema decides how much work it is to check a value. So patterns are dropped (one regular expression can hold
the interpreter for hours), references lead nowhere but into the schema itself, and the steps of a check are counted.
"""

import json
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any, Final

from jsonschema import Draft202012Validator, SchemaError, ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.exceptions import Unresolvable

from agents.contract import Json
from agents.remote.errors import UnusableCard, cleaned
from agents.schemas import is_storable

SCHEMA_BYTES = 64 * 1024
STEPS = 20_000  # references that are followed in one check

_NAMED: Final = frozenset({"properties", "$defs", "definitions", "dependentSchemas"})  # hold schemas by name
_VALUES: Final = frozenset({"enum", "const", "default", "examples"})  # hold no schemas
_DROPPED: Final = frozenset({"pattern", "patternProperties", "$id", "$schema", "$anchor", "$comment", "$vocabulary"})
_CLOSED: Final = frozenset({"additionalProperties", "unevaluatedProperties"})  # mean more without `patternProperties`
_steps: ContextVar[list[int]] = ContextVar("steps")


class _TooMuch(Exception):
    """The check takes too many steps."""


def taken_over(schema: object) -> Json:
    """The schema as it is used here, without patterns. It is not nested deep: cards that are were refused by the SDK.

    Raises: UnusableCard.
    """
    if not isinstance(schema, dict) or len(json.dumps(schema)) > SCHEMA_BYTES:
        raise UnusableCard(f"A schema is no object, or has more than {SCHEMA_BYTES:,} bytes.")
    references: list[str] = []
    used: Json = _used(schema, references)
    if astray := [reference for reference in references if not _resolves(used, reference)]:
        raise UnusableCard(f"A schema refers to something outside of itself: {cleaned(astray[0])}")
    try:
        Draft202012Validator.check_schema(used)
    except (SchemaError, RecursionError) as error:
        raise UnusableCard(f"A schema is no JSON Schema of 2020-12: {_sentence(error)}") from None
    return used


def misfit(schema: Json, value: object) -> str:
    """What is wrong with a value that another system gave, by a schema that was taken over; "" when it fits."""
    _steps.set([0])
    try:
        if not is_storable(value):
            return "it holds characters or numbers that cannot be stored"
        error = next(_Checker(schema, registry=Registry()).iter_errors(value), None)
    except (_TooMuch, RecursionError, Unresolvable):
        return "it takes too long to check"
    return _sentence(error) if error else ""


def _sentence(error: Exception) -> str:
    where = f"{error.json_path}: " if isinstance(error, ValidationError | SchemaError) else ""
    return cleaned(f"{where}{getattr(error, 'message', error)}")


def _used(schema: Any, references: list[str]) -> Any:  # noqa: ANN401 - a schema, or a list of them
    """Without what is not used; notes what it refers to."""
    if isinstance(schema, list):
        return [_used(part, references) for part in schema]
    if not isinstance(schema, dict):
        return schema
    references.extend(str(schema[word]) for word in ("$ref", "$dynamicRef") if word in schema)
    is_opened = "patternProperties" in schema
    return {
        word: _used_part(word, part, references)
        for word, part in schema.items()
        if word not in _DROPPED and not (is_opened and word in _CLOSED)
    }


def _used_part(word: str, part: Any, references: list[str]) -> Any:  # noqa: ANN401
    if word in _VALUES:
        return part
    if word in _NAMED and isinstance(part, dict):
        return {name: _used(schema, references) for name, schema in part.items()}
    return _used(part, references)


def _resolves(root: Json, reference: str) -> bool:
    if reference != "#" and not reference.startswith("#/"):
        return False
    target: object = root
    for part in reference.split("/")[1:]:
        target = target.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(target, dict) else None
    return isinstance(target, dict | bool)


def _counted(validator: Any, reference: str, instance: object, schema: Mapping[str, Any]) -> Iterator[ValidationError]:  # noqa: ANN401
    steps = _steps.get()
    steps[0] += 1
    if steps[0] > STEPS:
        raise _TooMuch
    yield from Draft202012Validator.VALIDATORS["$ref"](validator, reference, instance, schema) or ()


_Checker: Any = extend(Draft202012Validator, {"$ref": _counted})
