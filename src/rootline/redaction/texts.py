"""The part of a pydantic model that can hold text, so that a hundred thousand samples are not read one by one."""

from datetime import date, datetime, timedelta
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic import AwareDatetime, BaseModel

from rootline.domain.points import Points

_TEXTLESS = frozenset({int, float, bool, NoneType, datetime, date, timedelta, AwareDatetime, Ellipsis, Points})


def texts_of(model: BaseModel) -> dict[str, Any]:
    """Return a model's fields by name, without those whose declared type holds numbers and moments alone."""
    if model.model_extra or type(model).model_computed_fields:
        return model.model_dump()
    return {name: getattr(model, name) for name in _fields_with_text(type(model))}


@cache
def _fields_with_text(kind: type[BaseModel]) -> tuple[str, ...]:
    return tuple(name for name, field in kind.model_fields.items() if not _is_textless(field.annotation))


def _is_textless(annotation: Any) -> bool:
    """Whether every leaf of a type is a number, a moment, a word of ours or nothing; anything else may hold text."""
    if get_origin(annotation) is Literal:
        return True
    parts = get_args(annotation)
    return all(_is_textless(part) for part in parts) if parts else annotation in _TEXTLESS
