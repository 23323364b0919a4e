"""What a JSON Schema says of an object: where the ids of artifacts are, what it must have, and what it may have."""

from typing import Any

import msgspec
import pytest
from jsonschema import ValidationError

from agents import schemas
from agents.animatic.film import Clip, Film, Frames, Portraits, Shot
from agents.contract import ArtifactId
from agents.crew import CREW

ARTIFACT = {"type": "string", "format": "artifact-id"}


class Album(msgspec.Struct):
    """Pictures, some of which are there."""

    cover: ArtifactId
    pages: list[ArtifactId]
    back: ArtifactId | None = None
    by_place: dict[str, ArtifactId] = {}
    title: str = ""


ALBUM = msgspec.json.schema(Album)
GIVEN = {"cover": "c", "pages": ["p", "q", "p"], "back": None, "by_place": {"sea": "s"}, "title": "c"}


def test_the_ids_of_artifacts_are_found_wherever_they_are_and_each_once() -> None:
    assert schemas.references(ALBUM, GIVEN) == ["c", "p", "q", "s"]


def test_ids_are_replaced_where_they_are_ids_and_nowhere_else() -> None:
    new = schemas.rewritten(ALBUM, GIVEN, {"c": "C", "p": "P", "s": "S"})
    assert new == {"cover": "C", "pages": ["P", "q", "P"], "back": None, "by_place": {"sea": "S"}, "title": "c"}
    assert GIVEN["cover"] == "c"


def test_no_artifact_is_meant_by_an_empty_id() -> None:
    assert schemas.references(ALBUM, {"cover": "", "pages": []}) == []


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/none"},
        {"$ref": "#"},
        {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"},
        {"$ref": "https://elsewhere.test/schema"},
        {"properties": {"cover": 5}},
        {},
    ],
)
def test_a_schema_that_leads_nowhere_finds_nothing_and_ends(schema: dict[str, Any]) -> None:
    assert schemas.references(schema, {"cover": "c"}) == []


def test_a_schema_may_refer_to_itself() -> None:
    tree = {
        "$defs": {"node": {"properties": {"picture": ARTIFACT, "below": {"items": {"$ref": "#/$defs/node"}}}}},
        "$ref": "#/$defs/node",
    }
    assert schemas.references(tree, {"picture": "a", "below": [{"picture": "b", "below": []}]}) == ["a", "b"]


@pytest.mark.parametrize("film_type", [Portraits, Frames, Clip])
def test_every_artifact_that_the_crew_hands_on_is_known_as_one(film_type: type[Film]) -> None:
    found = {name for name, schema in schemas.fields_of(msgspec.json.schema(film_type)).items() if schema.get("format")}
    assert found == {name for name in film_type.__struct_fields__ if name.endswith("artifact")}
    assert found


def test_what_an_object_must_and_may_have_is_read_through_references() -> None:
    schema = msgspec.json.schema(Album)
    assert set(schemas.fields_of(schema)) == set(Album.__struct_fields__)
    assert schemas.required_of(schema) == {"cover", "pages"}


@pytest.mark.parametrize(
    ("schema", "may"),
    [
        ({}, True),
        ({"properties": {"a": {}}}, False),
        ({"properties": {"a": {}}, "additionalProperties": True}, True),
        ({"properties": {"a": {}}, "additionalProperties": False}, False),
    ],
)
def test_an_object_may_have_other_fields_where_its_schema_says_so_or_names_none(
    schema: dict[str, Any], may: bool
) -> None:
    assert schemas.takes_others(schema) is may


def test_a_reference_out_of_a_schema_is_never_fetched() -> None:
    checker = schemas.validator({"$ref": "http://127.0.0.1:9/schema"})
    with pytest.raises(Exception, match="Unresolvable") as refusal:
        checker.validate({})
    assert not isinstance(refusal.value, ValidationError)


def test_every_skill_of_the_crew_has_schemas_of_objects() -> None:
    for skill in (skill for member in CREW for skill in member.skills):
        assert schemas.fields_of(skill.input_schema)
        assert schemas.fields_of(skill.output_schema)
    assert schemas.fields_of(msgspec.json.schema(Shot))
