"""A recording without its secrets, before it is written anywhere."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from pydantic import BaseModel, JsonValue

from rootline.domain.change import ConfigChange
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
    return _clean_record(value, redactor)


def _clean_record(value: Any, redactor: Redactor) -> Any:
    if isinstance(value, BaseModel):
        return redactor.model(value)
    if isinstance(value, ConfigChange):
        before, after = (redactor.value({value.key: text}) for text in (value.before, value.after))
        return replace(value, before=_only(before), after=_only(after))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _clean(getattr(value, one.name), redactor) for one in fields(value)})
    return value


def _only(pair: JsonValue) -> str:
    """Return the one value of a one-key object."""
    return str(next(iter(pair.values()))) if isinstance(pair, dict) else ""
