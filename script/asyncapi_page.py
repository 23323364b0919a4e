"""docs/asyncapi.yaml as a page of the site: every channel, message and schema, searchable, without a script."""

from collections.abc import Iterator
from typing import Any, Final

import yaml

Json = dict[str, Any]

HEAD: Final = """# AsyncAPI reference

Every channel, message and type of the WebSocket API, rendered from [asyncapi.yaml](asyncapi.yaml), which is made from the code that runs. What the
messages are for, with an example of each: [WebSocket messages](websocket-messages.md).
"""


def asyncapi_page(description: str) -> str:
    """The page, in Markdown, of an AsyncAPI 3 document in YAML."""
    document = yaml.safe_load(description)
    components = document["components"]
    return "\n".join([HEAD, *_channels(document), *_operations(document), *_schemas(components["schemas"])])


def _channels(document: Json) -> Iterator[str]:
    yield from ("## Channels", "", "| address | |", "|---|---|")
    for channel in document["channels"].values():
        yield f"| `{channel['address']}` | {_line(channel['description'])} |"
    yield ""


def _operations(document: Json) -> Iterator[str]:
    titles = {"receive": "From the client", "send": "From the server"}  # AsyncAPI 3 looks from the server
    for operation in sorted(document["operations"].values(), key=lambda each: str(each["action"])):
        yield from (f"## {titles[operation['action']]}", "", "| message | type | |", "|---|---|---|")
        for reference in operation["messages"]:
            name = _name(reference)
            message = document["components"]["messages"][name]
            yield f"| `{message['name']}` | {_link(_name(message['payload']))} | {_line(message['summary'])} |"
        yield ""


def _schemas(schemas: Json) -> Iterator[str]:
    yield from ("## Types", "")
    for name, schema in schemas.items():
        yield from (f"### {name}", "", _line(schema.get("description", "")), "")
        if "properties" in schema:
            yield from _fields(schema)
        else:
            yield from (_type(schema), "")


def _fields(schema: Json) -> Iterator[str]:
    required = set(schema.get("required", ()))
    yield from ("| field | type | needed | |", "|---|---|---|---|")
    for name, field in schema["properties"].items():
        need = "yes" if name in required else ""
        yield f"| `{name}` | {_type(field)} | {need} | {_remarks(field)} |"
    yield ""


def _remarks(field: Json) -> str:
    """What its description, default and bounds say."""
    words = {"default": "default", "minimum": "at least", "maximum": "at most", "maxLength": "characters, at most"}
    shown = {**_only_alternative(field), **field}
    bounds = [f"{word} `{_value(shown[key])}`" for key, word in words.items() if shown.get(key) not in (None, "")]
    description = _line(shown.get("description", ""))
    return " ".join([description, *([f"({', '.join(bounds)})"] if bounds else [])]).strip()


def _only_alternative(field: Json) -> Json:
    """What may be there, where the other alternative is null."""
    options = [option for option in field.get("anyOf", ()) if option.get("type") != "null"]
    return options[0] if len(options) == 1 else {}


def _type(schema: Json) -> str:
    if "$ref" in schema:
        return _link(_name(schema))
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(_type(option) for option in schema[key])
    if "enum" in schema:
        return " or ".join(f"`{_value(value)}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if isinstance(values := schema.get("additionalProperties"), dict):
        return f"object of {_type(values)}"
    return str(schema.get("format") or schema.get("type") or "anything")


def _value(value: object) -> str:
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else f"{value}"


def _name(reference: Json) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _line(text: str) -> str:
    """As one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
