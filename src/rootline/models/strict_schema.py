"""Which tool schemas OpenAI can hold a model to. It refuses the whole request over one that it cannot."""

from typing import TypeGuard

from pydantic import JsonValue

from rootline.domain.evidence import JsonObject

# Source: https://developers.openai.com/api/docs/guides/structured-outputs, "Supported schemas"; less than it allows.
KNOWN = frozenset({"type", "description", "title", "properties", "required", "additionalProperties", "items", "enum"})
DEEPEST = 5


def is_strict(schema: JsonObject) -> bool:
    """Tell whether every object in a schema is closed and requires all it has, in keywords that are known to pass."""
    return schema.get("type") == "object" and _passes(schema, DEEPEST)


def _passes(node: JsonValue, levels: int) -> bool:
    if not _is_object(node) or not node.keys() <= KNOWN or levels == 0:
        return False
    if node.get("type") == "object":
        return _closed(node, levels)
    return node.get("type") != "array" or _passes(node.get("items"), levels - 1)


def _closed(node: JsonObject, levels: int) -> bool:
    properties, required = node.get("properties"), node.get("required")
    if node.get("additionalProperties") is not False or not _is_object(properties) or not isinstance(required, list):
        return False
    same = {name for name in required if isinstance(name, str)} == properties.keys()
    return same and all(_passes(value, levels - 1) for value in properties.values())


def _is_object(value: JsonValue) -> TypeGuard[JsonObject]:
    return isinstance(value, dict)
