"""One name for calls that differ only in an identifier."""

import re
from typing import NamedTuple

from rootline.domain.signal import Span

_LONGEST = 200
_ATTEMPT = re.compile(r"[ _-]?\(?\b(?:retry|attempt|try)[ #:=]{0,3}\d{1,3}\)?", re.IGNORECASE)
_IDENTIFIER = re.compile(
    r"'[^']{0,100}'"
    r"|(?<![\w.])[0-9a-fA-F]{8}-[0-9a-fA-F-]{4,40}(?![\w])"
    r"|(?<![\w.])(?=[a-fA-F]{0,40}\d)[0-9a-fA-F]{8,40}(?!\w)"
    r"|(?<![\w.$])\d+(?![\w.])"
)


class Operation(NamedTuple):
    """An operation of a service, without the identifiers in its name."""

    service: str
    name: str


def operation(span: Span) -> Operation:
    """Name the span's operation so that two calls of the same thing have the same name.

    A note such as "(retry 2)" is dropped; identifiers become `<*>`.
    """
    return Operation(span.service, _IDENTIFIER.sub("<*>", _ATTEMPT.sub("", span.operation[:_LONGEST])))
