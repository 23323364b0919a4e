"""The JSON Schema of an answer, in the subset that structured output takes, and the reading of such an answer.

The subset: the root is an object, every property is required, nothing else is allowed, no defaults
(https://platform.openai.com/docs/guides/structured-outputs#supported-schemas).
"""

import re
from typing import Any, TypeVar

import msgspec

Answer = TypeVar("Answer", bound=msgspec.Struct)
Json = dict[str, Any]

_FENCE = re.compile(r"```(?:json)?[ \t]*+\n(.*)```", re.DOTALL | re.IGNORECASE)


class UnfitAnswer(ValueError):
    """The answer is not what was asked for."""


def strict_schema(answer: type[msgspec.Struct]) -> Json:
    """The schema of `answer`, strict."""
    (schema,), parts = msgspec.json.schema_components([answer], ref_template="#/$defs/{name}")
    root = parts.pop(answer.__name__) if "$ref" in schema else schema
    strict: Json = _strict(root)
    return {**strict, "$defs": _strict_parts(parts)} if parts else strict


def _strict_parts(parts: Json) -> Json:
    return {name: _strict(part) for name, part in parts.items()}


def _strict(part: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(part, list):
        return [_strict(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    kept = {key: _strict(value) for key, value in part.items() if key not in {"default", "title"}}
    if "enum" in kept:
        kept.setdefault("type", "string")  # demanded, although it says nothing new
    if kept.get("type") == "object" and "properties" in part:
        properties = {name: _strict(value) for name, value in part["properties"].items()}
        kept |= {"properties": properties, "required": list(properties), "additionalProperties": False}
    return kept


def read_answer(text: str, answer: type[Answer]) -> Answer:
    """The answer in a model's text; a fence around it is forgiven.

    Raises: UnfitAnswer, with what is wrong.
    """
    fenced = _FENCE.fullmatch(text.strip())
    try:
        return msgspec.json.decode(fenced[1] if fenced else text, type=answer)
    except msgspec.ValidationError as error:
        raise UnfitAnswer(str(error)) from None
    except (msgspec.DecodeError, UnicodeError):
        raise UnfitAnswer("it is not JSON") from None
