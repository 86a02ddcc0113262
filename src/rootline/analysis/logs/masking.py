"""What in a line is a value and not a word of the program."""

import re

HOLE = "<*>"
_LONGEST = 2000
_VALUE = re.compile(
    r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"
    r"|\b0[xX][0-9a-fA-F]+\b"
    r"|\b(?=[a-fA-F]*\d)[0-9a-fA-F]{8,}\b"
    r"|/?\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b"
    r"|(?<![A-Za-z0-9])-?\d+(?:\.\d+)*(?:%|[a-zA-Z]{1,2}\b)?"
)


def mask(text: str) -> str:
    """Replace every value by `<*>`."""
    return _VALUE.sub(HOLE, text[:_LONGEST])
