"""Secrets out of whole records: where a name stands beside a value, the name tells what the value is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import accumulate
from typing import Any

from pydantic import BaseModel, JsonValue

from rootline.domain.change import ConfigChange, FlagChange
from rootline.domain.signal import LogLine, Series, Span
from rootline.redaction.redactor import Redactor

_IDENTIFIERS = ("trace_id", "span_id", "parent_id")
_TEXTS_OF_A_SPAN = (*_IDENTIFIERS, "service", "operation", "error", "status")
_TEXTS_OF_A_SERIES = ("service", "metric", "unit")
# Source: W3C Trace Context (2021): a trace id has 32 hexadecimal digits, a span id 16.
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{1,32}")


def clean(value: Any, redactor: Redactor) -> Any:
    """Return records of any kind with every text in them redacted; numbers and moments stay as they are."""
    if isinstance(value, str):
        return redactor.text(value)
    if isinstance(value, Mapping):
        return redactor.value({str(key): text for key, text in value.items()})
    if isinstance(value, tuple | list):
        if _are(value, LogLine):
            return clean_lines(value, redactor)
        if _are(value, Series):
            return clean_series(value, redactor)
        return clean_spans(value, redactor) if _are(value, Span) else [clean(one, redactor) for one in value]
    return _clean_record(value, redactor)


def clean_lines(lines: Sequence[LogLine], redactor: Redactor) -> list[LogLine]:
    """Redact log lines as one text, since a key may span many; one may itself hold several, as a stack trace does."""
    texts = [line.text for line in lines]
    whole = "\n".join(texts)
    clean_whole = redactor.text(whole)
    cleaned = texts if clean_whole == whole else _cut_like(texts, clean_whole, redactor)
    return [line if line.text == text else replace(line, text=text) for line, text in zip(lines, cleaned, strict=True)]


def _cut_like(texts: Sequence[str], whole: str, redactor: Redactor) -> list[str]:
    """Cut what was joined back into as many lines as each text has; each by itself where a line was lost."""
    pieces = whole.split("\n")
    ends = list(accumulate(text.count("\n") + 1 for text in texts))
    if ends[-1:] != [len(pieces)]:
        return [redactor.text(text) for text in texts]
    return ["\n".join(pieces[start:end]) for start, end in zip([0, *ends], ends, strict=False)]


def clean_series(series: Sequence[Series], redactor: Redactor) -> list[Series]:
    """Redact series; what many of them share is read once."""
    known: dict[str, str] = {}
    return [_clean_series(one, known, redactor) for one in series]


def _clean_series(one: Series, known: dict[str, str], redactor: Redactor) -> Series:
    found: dict[str, Any] = _changed(one, _TEXTS_OF_A_SERIES, known, redactor)
    labels = clean(one.labels, redactor)
    if labels != one.labels:
        found["labels"] = labels
    return replace(one, **found) if found else one


def clean_spans(spans: Sequence[Span], redactor: Redactor) -> list[Span]:
    """Redact spans; names that many of them share are read once, identifiers of hexadecimal digits hold no secret."""
    known: dict[str, str] = {}
    return [_clean_span(span, known, redactor) for span in spans]


def _clean_span(span: Span, known: dict[str, str], redactor: Redactor) -> Span:
    found: dict[str, Any] = _changed(span, _TEXTS_OF_A_SPAN, known, redactor)
    if span.attributes:
        found["attributes"] = clean(span.attributes, redactor)
    return replace(span, **found) if found else span


def _changed(record: Span | Series, names: Sequence[str], known: dict[str, str], redactor: Redactor) -> dict[str, str]:
    """Return those of the named texts that hold a secret, without it."""
    found: dict[str, str] = {}
    for name in names:
        text = getattr(record, name)
        if text and not (name in _IDENTIFIERS and _HEXADECIMAL.fullmatch(text)):
            if text not in known:
                known[text] = redactor.text(text)
            if known[text] != text:
                found[name] = known[text]
    return found


def _are(value: Sequence[Any], kind: type[Any]) -> bool:
    return bool(value) and isinstance(value[0], kind)


def _clean_record(value: Any, redactor: Redactor) -> Any:
    if isinstance(value, BaseModel):
        return redactor.model(value)
    if isinstance(value, ConfigChange):
        return replace(value, **_values(value.key, value.before, value.after, redactor))
    if isinstance(value, FlagChange):
        return replace(value, **_values(value.flag, value.before, value.after, redactor))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _clean_field(getattr(value, one.name), redactor) for one in fields(value)})
    return value


def _clean_field(value: Any, redactor: Redactor) -> Any:
    found = clean(value, redactor)
    return tuple(found) if isinstance(value, tuple) else found


def _values(key: str, before: str, after: str, redactor: Redactor) -> dict[str, Any]:
    values = (_only(redactor.value({key: redactor.text(text)})) for text in (before, after))
    return dict(zip(("before", "after"), values, strict=True))


def _only(pair: JsonValue) -> str:
    """Return the one value of a one-key object."""
    return str(next(iter(pair.values()))) if isinstance(pair, dict) else ""
