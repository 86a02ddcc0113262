"""A recording without its secrets, before it is written anywhere."""

from dataclasses import fields, replace
from typing import Any

from rootline.redaction import Redactor
from rootline.redaction.records import clean
from rootline.tapes.recording import Recording


def redacted(recording: Recording, redactor: Redactor) -> Recording:
    """Return the recording with every text in it redacted; numbers stay as they are."""
    parts: dict[str, Any] = {one.name: _part(getattr(recording, one.name), redactor) for one in fields(recording)}
    return replace(recording, **parts)


def _part(value: Any, redactor: Redactor) -> Any:
    cleaned = clean(value, redactor)
    return tuple(cleaned) if isinstance(value, tuple) else cleaned
