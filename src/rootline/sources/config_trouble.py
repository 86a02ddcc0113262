"""What is wrong in a `rootline.yaml`, said so that whoever wrote it can mend it."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

_UNKNOWN = "extra_forbidden"
_OURS = "Value error, "
"""What the library puts before a message of ours."""
_NO_KEYS = frozenset({"model_type", "dict_type"})
_MOST = 3
_LONGEST = 120


def said(kind: type[BaseModel], bad: ValidationError) -> str:
    """Say the first few things that are wrong, with what was probably meant by a key that there is not.

    Such keys come first: what seems to be missing may be misspelt.
    """
    found = bad.errors(include_url=False, include_input=False, include_context=False)
    unknown = [_unknown(kind, one["loc"]) for one in found if one["type"] == _UNKNOWN]
    others = [f"{_path(one['loc'])}: {_wrong(one)}" for one in found if one["type"] != _UNKNOWN]
    return "; ".join((unknown or others)[:_MOST])


def _wrong(one: ErrorDetails) -> str:
    """Say what is wrong with a value; the library's own words name our classes where keys are missing."""
    return "write keys and their values there" if one["type"] in _NO_KEYS else one["msg"].removeprefix(_OURS)


def _path(steps: Sequence[str | int]) -> str:
    return ".".join(str(step) for step in steps)[:_LONGEST] or "the file"


def _unknown(kind: type[BaseModel], steps: Sequence[str | int]) -> str:
    known = _keys(kind, steps[:-1])
    meant = get_close_matches(str(steps[-1])[:60], known, n=1)
    hint = f"did you mean {meant[0]}?" if meant else f"known: {', '.join(known)}"
    return f"{_path(steps)}: there is no such key, {hint}"


def _keys(kind: type[BaseModel], steps: Sequence[str | int]) -> list[str]:
    """Return the keys that are known where a path leads; a step into a list or a mapping is no key of a model."""
    at: type[BaseModel] | None = kind
    is_inside = False
    for step in steps:
        if is_inside or at is None:
            is_inside = False
            continue
        field = at.model_fields.get(str(step))
        is_inside = field is not None and get_origin(field.annotation) in {dict, list, tuple}
        at = _model(field.annotation) if field is not None else None
    return [*at.model_fields] if at is not None else []


def _model(kind: object) -> type[BaseModel] | None:
    """Return the model that a type is or holds."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((found for one in get_args(kind) if (found := _model(one)) is not None), None)
