"""A recording without its secrets, before it is written anywhere."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from pydantic import BaseModel

from rootline.redaction import Redactor
from rootline.tapes.recording import Recording


def redacted(recording: Recording, redactor: Redactor) -> Recording:
    """Return the recording with every text in it redacted; numbers stay as they are."""
    parts = {one.name: _clean(getattr(recording, one.name), redactor) for one in fields(recording)}
    return replace(recording, **parts)


def _clean(value: Any, redactor: Redactor) -> Any:
    if isinstance(value, str):
        return redactor.text(value)
    if isinstance(value, tuple):
        return tuple(_clean(one, redactor) for one in value)
    if isinstance(value, dict):
        return {key: _clean(one, redactor) for key, one in value.items()}
    if isinstance(value, BaseModel):
        return redactor.model(value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _clean(getattr(value, one.name), redactor) for one in fields(value)})
    return value
