"""Secrets that are known by the name in front of them: `DB_PASSWORD=…`, `"apiKey": "…"`, `--token …`."""

import re
from collections.abc import Iterator

from rootline.redaction.keys import STEMS, hold_of
from rootline.redaction.literals import is_harmless, is_name, is_prose, is_random
from rootline.redaction.span import Span, places

_LONGEST_NAME = 64
_REST = re.compile(r"[\w.-]{0,64}+")
_LOOSE = re.compile(
    r"[\w.-]{0,64}+[ \t\\\]\"'`?!+]{0,12}+(?:[:=>]|,?\s{0,90}\\{0,3}[\"']?value|[\w*.\[\]]{1,30}+[ \t]{1,3}=)"
)
_SEPARATOR = re.compile(
    r"(?:\\{0,3}[\"'`])?\]?(?P<before>[ \t]{0,8})"
    r"(?:[?!]?:[ \t]{0,3}[\w\[\]<>|.?]{1,40}[ \t]{0,3}=(?![=>])|[ \t]{1,3}[\w.*\[\]]{1,30}[ \t]{1,3}=(?![=>])"
    r"|(?P<sign>:=|=>|\+?=(?!=)|[?!]?:(?![:/=])))(?P<after>[ \t]{0,8})"
)
_PAIR = re.compile(
    r"\\{0,3}[\"']?[ \t]{0,8},?[ \t]{0,8}\r?(?:\n[+\- ]?[ \t]{0,80}){0,2}\\{0,3}[\"']?value\\{0,3}[\"']?"
    r"[ \t]{0,8}[:=][ \t]{0,8}"
)
_QUOTE = re.compile(r"[fbruFBRU@$]{0,2}(?P<quote>\\{0,3}(?:\"\"\"|'''|[\"'`]))")
_BARE = re.compile(r"[^\s\"'`,;&<>(){}\[\]|\\]{1,4096}")
_WHOLE_RUN = re.compile(r"[^\s\"'`]{1,4096}")
_TO_DELIMITER = re.compile(r"[^\s\"'`,;&<]{1,4096}")
_ELEMENT = re.compile(r">(?P<value>[^<>\n]{1,4096})</")
_LONGEST = 4096
_CODE_LINE = re.compile(
    r"[+\- ]?\s{0,200}(?:(?:export |async |pub |public |private |protected |static |final )*"
    r"(?:def|func|fn|fun|return|if|for|while|const|let|var|val|import|case|else|elif|throw|await|type|class|assert)\b"
    r"|self\.|this\.|@\w)"
)
_LONGEST_LINE = 400


def assigned(text: str, low: str) -> Iterator[Span]:
    """Yield every secret that is assigned to a name which says so; `low` is the text in lower case."""
    done: dict[int, int] = {}
    for stem in STEMS:
        if stem not in low:
            continue
        covered = 0
        for at in places(low, stem):
            if at < covered or not (_LOOSE.match(text, at) or text.find("--", max(0, at - _LONGEST_NAME), at) >= 0):
                continue
            start, end = _name_at(text, at, len(stem))
            if done.get(start) == end:
                continue
            done[start] = end
            for found in _value_of(text, start, end):
                covered = found[1]
                yield found


def _name_at(text: str, at: int, length: int) -> Span:
    rest = _REST.match(text, at + length)
    start, least = at, max(0, at - _LONGEST_NAME)
    while start > least and (text[start - 1].isalnum() or text[start - 1] in "_.-"):
        start -= 1
    return start, (rest.end() if rest else at + length)


def _value_of(text: str, start: int, end: int) -> Iterator[Span]:
    name = text[start:end].rstrip(".-")
    end = start + len(name)
    hold = hold_of(name)
    if hold == "never" or text[max(0, start - 10) : start].endswith("«redacted:"):
        return
    found = _read(text, start, end)
    if found is not None and (hold == "always" or is_random(text[found[0] : found[1]])):
        yield found


def _read(text: str, start: int, end: int) -> Span | None:
    """Find the literal that belongs to the name in [start, end); None where it is none."""
    separator = _SEPARATOR.match(text, end)
    if separator:
        return _literal(text, start, separator.end(), is_tight=not separator.group("before") + separator.group("after"))
    pair = _PAIR.match(text, end)
    if pair:
        return _quoted(text, pair.end()) or _run(text, pair.end())
    if text[start : start + 2] == "--" and text[end : end + 1] in {" ", "\t"}:
        return _quoted(text, end + 1) or _literal(text, start, end + 1, is_tight=True)
    element = _ELEMENT.match(text, end) if text[start - 1 : start] == "<" else None
    if element and not is_harmless(element.group("value")):
        return element.span("value")
    return None


def _literal(text: str, start: int, at: int, *, is_tight: bool) -> Span | None:
    quote = _QUOTE.match(text, at)
    if quote:
        return _quoted(text, at)
    name = text[start:at].rstrip(" \t=:\"'\\")
    if is_tight and name.isupper():
        return _run(text, at)
    bare = _BARE.match(text, at)
    if bare is None:
        return None
    value, after = bare.group(), text[bare.end() : bare.end() + 1]
    if value.endswith("$") and after in {"{", "("}:
        return None
    in_code = _is_code(text, start, bare.end(), is_tight=is_tight)
    if is_harmless(value) or is_name(value, in_code=in_code or after in {"(", "["}):
        return None
    longer = _TO_DELIMITER.match(text, at) if after in {"(", ")", "[", "]", "{", "}", "|", ">", "\\"} else bare
    return longer.span() if longer else bare.span()


def _quoted(text: str, at: int) -> Span | None:
    """The inside of a quoted text on one line, as far as it goes where its end is missing."""
    quote = _QUOTE.match(text, at)
    if quote is None:
        return None
    mark, first = quote.group("quote"), quote.end()
    line = _line_end(text, first)
    last = text.find(mark, first, line)
    while last > first and text[last - 1] == "\\" and not mark.startswith("\\"):
        last = text.find(mark, last + 1, line)
    last = line if last < 0 else last
    value = text[first:last]
    return None if is_harmless(value.strip()) or is_prose(value) else (first, last)


def _run(text: str, at: int) -> Span | None:
    """Everything up to the next space: what an environment file or a manifest gives a name."""
    run = _WHOLE_RUN.match(text, at)
    if run is None:
        return None
    value = run.group().rstrip(",;")
    call = re.match(r"[A-Za-z_][\w.]{0,80}[(\[]", value)
    return None if is_harmless(value) or call else (at, at + len(value))


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at, at + _LONGEST)
    return end if end >= 0 else min(len(text), at + _LONGEST)


def _is_code(text: str, start: int, end: int, *, is_tight: bool) -> bool:
    """Whether the line around reads as source code, in which an unquoted value is a name."""
    first = max(text.rfind("\n", max(0, start - _LONGEST_LINE), start) + 1, start - _LONGEST_LINE, 0)
    tail = text[end : end + 3].partition("\n")[0].rstrip()
    if _CODE_LINE.match(text, first, start) or ":=" in text[start:end]:
        return True
    opened = text.rfind("(", first, start)
    is_inside_call = opened > first and text[opened - 1].isalnum() and text.find(")", opened, start) < 0
    return is_inside_call or (not is_tight and tail in {";", ","})
