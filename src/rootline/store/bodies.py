"""How a value is written into a text column, and read back to the character.

The text is ASCII JSON: a NUL or half a surrogate pair, which no PostgreSQL text or jsonb can hold, is
escaped. Keys keep their order and numbers their digits, so a hash made before verifies afterwards.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel

from rootline.domain.points import Points, spliced

Model = TypeVar("Model", bound=BaseModel)


def write(model: BaseModel, *, without: Collection[str] = ()) -> str:
    """Render a value as ASCII JSON, leaving out fields that are stored elsewhere."""
    samples: list[str] = []

    def plain(value: object) -> str | None:
        if not isinstance(value, Points):
            return _plain(value)
        samples.append(value.text)
        return None

    text = json.dumps(model.model_dump(exclude=set(without)), separators=(",", ":"), default=plain)
    return spliced(text, samples) if samples else text


def read(kind: type[Model], body: str, also: Mapping[str, Any] | None = None) -> Model:
    """Read a value back, with the fields that were stored elsewhere."""
    return kind.model_validate(json.loads(body) | dict(also or {}))


def key_of(text: str) -> str:
    """Render text from outside as an ASCII JSON string, where it has to be a key."""
    return json.dumps(text)


def _plain(value: object) -> str:
    """Render what JSON does not know. Pydantic would do it too, but spoils dictionary keys with half a pair."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a stored value")
