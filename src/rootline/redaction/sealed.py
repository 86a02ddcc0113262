"""What a Kubernetes Secret holds, wherever its manifest is printed."""

import re
from collections.abc import Iterator

from rootline.redaction.literals import is_harmless
from rootline.redaction.span import Span

_IS_SECRET = re.compile(
    r"^[+\- ]?[ \t]{0,40}(?:- )?[\"']?kind[\"']?[ \t]{0,4}:[ \t]{0,4}[\"']?Secret[\"']?,?[ \t]{0,4}\r?$", re.MULTILINE
)
_DATA = re.compile(r"^(?P<indent>[+\- ]?[ \t]{0,40})(?:- )?(?:data|stringData):[ \t]{0,4}\r?$", re.MULTILINE)
_ENTRY = re.compile(r"(?P<indent>[+\- ]?[ \t]{1,60})[\"']?[\w.-]{1,253}[\"']?:[ \t]{1,4}(?P<value>\S[^\n]{0,20000})")
_BLOCK = re.compile(r"[|>][+-]?\d?[ \t]{0,4}\r?\Z")
_JSON_SECRET = re.compile(r"\\{0,3}\"kind\\{0,3}\"[ \t]{0,4}:[ \t]{0,4}\\{0,3}\"Secret\\{0,3}\"")
_JSON_DATA = re.compile(r"\\{0,3}\"(?:data|stringData)\\{0,3}\"[ \t]{0,4}:\s{0,40}\{(?P<inside>[^{}]{1,100000})\}")
_JSON_VALUE = re.compile(r":\s{0,4}(?P<quote>\\{0,3}\")(?P<value>[^\"\\]{1,20000})")


def sealed(text: str) -> Iterator[Span]:
    """Yield the values under `data` and `stringData` of each document that holds a Secret."""
    if "Secret" not in text:
        return
    if _IS_SECRET.search(text):
        for start, end in _documents(text):
            if _IS_SECRET.search(text, start, end):
                yield from _entries(text, start, end)
    if _JSON_SECRET.search(text):
        for data in _JSON_DATA.finditer(text):
            for value in _JSON_VALUE.finditer(text, data.start("inside"), data.end("inside")):
                if not is_harmless(value.group("value")):
                    yield value.span("value")


def _documents(text: str) -> Iterator[Span]:
    start = 0
    for break_ in re.finditer(r"^[+ ]?---[ \t]{0,4}\r?$", text, re.MULTILINE):
        yield start, break_.start()
        start = break_.end()
    yield start, len(text)


def _entries(text: str, start: int, end: int) -> Iterator[Span]:
    for data in _DATA.finditer(text, start, end):
        yield from _lines_below(text, data.end() + 1, end, len(data.group("indent").lstrip("+-")))


def _lines_below(text: str, at: int, end: int, indent: int) -> Iterator[Span]:
    """Each line that stands deeper than its `data:`; all of a line inside a block scalar."""
    inside_block = -1
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        line = text[at:stop].rstrip("\r")
        depth = len(line.lstrip("+-")) - len(line.lstrip("+- \t"))
        if line.strip() and depth <= indent:
            return
        entry = _ENTRY.match(text, at, stop)
        if inside_block >= 0 and line.strip() and depth > inside_block:
            yield at + len(line) - len(line.lstrip("+- \t")), at + len(line)
        elif entry:
            inside_block = depth if _BLOCK.match(entry.group("value")) else -1
            value = entry.group("value").rstrip()
            if inside_block < 0 and not is_harmless(value.strip("\"'")):
                yield entry.start("value"), entry.start("value") + len(value)
        at = stop + 1
