"""What a line says that a program wrote: JSON with fields, or text in which a level may stand."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from rootline.sources.parsing import parse

# Source: the defaults of the usual JSON loggers of Python, Go, Java, Node and of the OpenTelemetry collector.
MOST_FIELDS, DEEPEST = 500, 3
TEXTS = ("message", "msg", "log", "body", "event", "text")
_LEVEL = re.compile(r"\b(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL)\b")
_LEVEL_WITHIN = 80
_KLOG = re.compile(r"([IWEF])\d{4} \d\d:\d\d:\d\d")
_KLOG_LEVELS = {"I": "INFO", "W": "WARNING", "E": "ERROR", "F": "FATAL"}
"""Source: k8s.io/klog, the header of a line."""


def fields_of(stored: bytes) -> Mapping[str, str] | None:
    """Return the fields of a line of JSON, each written as text; None where it is none that can be read.

    What an object holds is named as Elastic's schema and OpenTelemetry write it flat: `service.name`.
    """
    try:
        told = parse(bytearray(stored))
    except ValueError:
        return None
    return dict(islice(_flat(told), MOST_FIELDS)) if isinstance(told, dict) else None


def _flat(told: Mapping[str, Any], within: str = "", deeper: int = DEEPEST) -> Iterator[tuple[str, str]]:
    for key, value in told.items():
        if isinstance(value, dict) and deeper:
            yield from _flat(value, f"{within}{key}.", deeper - 1)
        else:
            yield f"{within}{key}", str(value)


def text_of(fields: Mapping[str, str]) -> str:
    """Return what the fields say in words; empty where none does."""
    return next((fields[name] for name in TEXTS if fields.get(name)), "")


def level_in(text: str) -> str:
    """Return the level that stands at the beginning of a line, as a word or as klog's letter; empty where none does."""
    klog = _KLOG.match(text)
    if klog:
        return _KLOG_LEVELS[klog[1]]
    level = _LEVEL.search(text[:_LEVEL_WITHIN])
    return level.group(1) if level else ""
