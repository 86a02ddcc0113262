import pytest

from rootline.domain.evidence import JsonObject
from rootline.models.strict_schema import is_strict

TEXT: JsonObject = {"type": "string", "description": "a text"}


def closed(**properties: JsonObject) -> JsonObject:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def test_closed_objects_that_require_all_they_have_can_be_held_to() -> None:
    assert is_strict(closed(a=TEXT, b=closed(c={"type": "array", "items": TEXT})))


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "string"},
        {"type": "object", "properties": {}},
        {**closed(a=TEXT), "additionalProperties": True},
        {**closed(a=TEXT), "required": []},
        closed(a={**TEXT, "default": "x"}),
        closed(a={"type": "array", "items": {"type": "object"}}),
        closed(a={"type": "array"}),
        closed(a=closed(b=closed(c=closed(d=closed(e=closed(f=TEXT)))))),
    ],
)
def test_any_other_schema_cannot(schema: JsonObject) -> None:
    assert not is_strict(schema)
