"""What a change does to what others are handed: who hands it on stays well, and who reads it fails."""

import re
from collections.abc import Iterable, Iterator

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.mechanisms.reckoning import RECKONED
from rootline.changes.mechanisms.rephrasing import TELLS
from rootline.changes.mechanisms.told import became, quote

# Source: how Python, JavaScript, Ruby, PHP, Go and JSON write a named value in a literal, and Python in a call.
KEY = re.compile(
    r"[\"'](?P<key>[A-Za-z_][\w-]{0,60})[\"']\s{0,3}(?::|=>)|(?<=[(,\s])(?P<word>[a-z_]\w{0,60})=(?=[^=\s])"
)
# Source: the strings of Python, JavaScript, Ruby, Go and Java; what holds a space is for people.
NAME = re.compile(r"(?<![\w\"'])f?(?:\"[^\"\s]{1,80}\"|'[^'\s]{1,80}')")
HELD = re.compile(
    r"^\s*(?:(?:const|let|var|val|final)\s+)?(?P<name>[A-Za-z_]\w{0,60})(?:\s*:[^=\n]{1,80})?\s*:?=\s*(?P<kind>\{\}|\[\]|\w{3,20}\()"
)
CONTAINERS = frozenset(["{}", "[]", "dict(", "list(", "set(", "tuple(", "deque(", "defaultdict("])
COUNTS = ("int", "float", "round", "number", "Number", "Integer", "Float")
CALLED = re.compile(r"([A-Za-z_]\w{0,60})\(")
# Source: the conditions of comprehensions and of collection pipelines.
FILTERED = re.compile(
    r"\bfor\b[^\n]{1,120}\bin\b[^\n]{1,160}\bif\b|\.(filter|where|select|reject|compact|flatten|filter_?(not_?)?(none|null))\w*\b"
)
# Source: how Python, Java, C#, Kotlin and Rust write what is worked out when asked for, and can be gone through once.
EAGER = re.compile(r"=\s{0,3}\[[^\n]{1,200}\bfor\b|\b(list|tuple|sorted)\(|\.(to_?list|to_?array|collect)\(")
LAZY = re.compile(
    r"=\s{0,3}\((?!\[)[^\n]{1,200}\bfor\b|\byield\b|\b(map|filter|zip)\(|\.(stream|lazy|as_?sequence|into_?iter)\("
)
HANDING = frozenset(
    [
        *(
            "field that it sends removed",
            "field that it sends nested deeper",
            "error swallowed",
            "field that it sends built differently",
            "filter removed",
            "list became readable only once",
        ),
        *("name in a call changed", "type of a sent field changed", "message format changed", "wire field renamed"),
        *("member of a set added", "time in another unit", "part of an expression left out", RECKONED),
    ]
)
"""The mechanisms by which others fail over what they are handed."""
MOST, LONGEST, APART = 60, 300, 8
"""Source: ours; a line that replaces another stands close to it, and a large diff makes most things otherwise."""
GONE = {"null": 1.0, "parse": 0.8, "data": 0.7, "errors": 0.6, "schema": 0.4, "crash": 0.3}
OTHERWISE = {"parse": 0.6, "null": 0.6, "data": 0.5, "errors": 0.4, "network": 0.4, "bounds": 0.4, "crash": 0.3}
ELSEWHERE = {"data": 0.9, "null": 0.7, "errors": 0.6, "route": 0.6, "cache": 0.5, "config": 0.4}
NOBODY = {"network": 0.8, "dns": 0.8}
REACHES = re.compile(
    r"(?i)\w{0,40}(peer|host|connect|dial|client|channel|address|endpoint|resolve|upstream|server)\w{0,40}\("
)
LET_IN = {"null": 0.9, "data": 0.8, "parse": 0.6, "errors": 0.5, "size": 0.4, "memory": 0.3, "bounds": 0.3}
ONCE = {"bounds": 0.9, "null": 0.7, "data": 0.8, "parse": 0.5, "errors": 0.5}


def handed_on(net: Net, spoken: frozenset[str]) -> list[Mechanism]:
    """Keys that are gone or made otherwise, filters that are gone, and lists that can be gone through but once.

    A key that is gone counts in full where the errors speak of it, and half elsewhere; `spoken` are their words.
    """
    if max(len(net.removed.lines), len(net.added.lines)) > MOST:
        return []
    return [
        *_gone(net, spoken),
        *_moved_inside(net),
        *_otherwise(net),
        *_held(net),
        *_let_in(net),
        *_once(net),
        *_elsewhere(net),
    ]


def _gone(net: Net, spoken: frozenset[str]) -> Iterator[Mechanism]:
    kept = {key for line in (*net.added.lines, *net.whole.context[:400]) for key, _ in _keyed(line)}
    lost = [(key, line) for line in _code(net, net.removed.lines) for key, _ in _keyed(line) if key not in kept]
    if lost and any(_keyed(line) for line in net.added.lines):
        key, line = next((one for one in lost if one[0].lower() in spoken), lost[0])
        part = 1.0 if key.lower() in spoken else 0.5
        families = {family: part * weight for family, weight in GONE.items()}
        yield Mechanism("field that it sends removed", families, f"what it hands on has no {key} any more", (line,))


def _moved_inside(net: Net) -> Iterator[Mechanism]:
    """That what was handed on by name is now one level further in: who reads it looks for it where it was."""
    for old, new in net.swaps:
        before, now = _keyed(old), _keyed(new)
        names = [key for key, _ in before]
        outer = [place for place, (key, value) in enumerate(now) if key not in names and value[:1] in {"[", "{"}]
        inside = [key for key, _ in now[outer[0] + 1 :]] if outer else []
        if net.kind(old) == "code" and set(names) & set(inside) and "".join(now[outer[0]][1].split())[:2] != "[]":
            lost = next(key for key in names if key in inside)
            told = f"what it hands on has {lost} inside of {now[outer[0]][0]}"
            yield Mechanism("field that it sends nested deeper", GONE, told, (old, new))
            return


def _otherwise(net: Net) -> Iterator[Mechanism]:
    now = {(line.file, key): (value, line) for line in net.added.lines for key, value in _keyed(line)}
    for line in _code(net, net.removed.lines):
        for key, value in _keyed(line):
            made, there = now.get((line.file, key), (value, line))
            is_near = abs(there.number - line.number) <= APART
            if is_near and _shape(made) != _shape(value) and not _is_counted(made, value):
                told = f"the {key} that it hands on is made otherwise{became(line, there)}"
                yield Mechanism("field that it sends built differently", OTHERWISE, told, (line, there))
                return


def _held(net: Net) -> Iterator[Mechanism]:
    """That something is gathered in another kind of container: who reads it reads it by name, or by place."""
    now = {(line.file, found["name"]): (found["kind"], line) for line, found in _gathered(net.added.lines)}
    for line, found in _gathered(_code(net, net.removed.lines)):
        kind, there = now.get((line.file, found["name"]), (found["kind"], line))
        if kind != found["kind"] and abs(there.number - line.number) <= APART:
            told = f"{found['name']} is gathered in another kind of container{became(line, there)}"
            yield Mechanism("field that it sends built differently", OTHERWISE, told, (line, there))
            return


def _gathered(lines: Iterable[DiffLine]) -> Iterator[tuple[DiffLine, re.Match[str]]]:
    found = ((line, HELD.match(line.text[:LONGEST])) for line in lines)
    return ((line, match) for line, match in found if match and match["kind"] in CONTAINERS)


def _let_in(net: Net) -> Iterator[Mechanism]:
    went = [line for line in _code(net, net.removed.lines) if FILTERED.search(line.text[:LONGEST])]
    came = sum(bool(FILTERED.search(line.text[:LONGEST])) for line in net.added.lines)
    if len(went) > came and net.added.lines:
        yield Mechanism(
            "filter removed",
            LET_IN,
            f"what was left out before is handed on{quote(went[0])}",
            tuple(went[:2]),
        )


def _once(net: Net) -> Iterator[Mechanism]:
    for old, new in net.swaps:
        lazy = LAZY.search(new.text[:LONGEST]) and not LAZY.search(old.text[:LONGEST])
        if lazy and EAGER.search(old.text[:LONGEST]) and not EAGER.search(new.text[:LONGEST]):
            told = "a list is worked out when asked for, and is empty when it is gone through again"
            yield Mechanism("list became readable only once", ONCE, told, (old, new))
            return


def _elsewhere(net: Net) -> Iterator[Mechanism]:
    for old, new in net.swaps:
        before, after = old.text[:LONGEST], new.text[:LONGEST]
        is_alike = NAME.sub("#", before) == NAME.sub("#", after) and bool(CALLED.search(before))
        apart = [pair for pair in zip(NAME.findall(before), NAME.findall(after), strict=False) if pair[0] != pair[1]]
        if net.kind(old) == "code" and is_alike and len(apart) == 1 and not TELLS.search(before):
            told = f"a call names {apart[0][1][:60]} where it named {apart[0][0][:60]}"
            families = {**ELSEWHERE, **NOBODY} if REACHES.search(before) else ELSEWHERE
            yield Mechanism("name in a call changed", families, told, (old, new))
            return


def _code(net: Net, lines: tuple[DiffLine, ...]) -> Iterator[DiffLine]:
    return (line for line in lines if net.kind(line) == "code")


def _keyed(line: DiffLine) -> list[tuple[str, str]]:
    """The keys of a line, each with what follows up to the next key."""
    text = line.text[:LONGEST]
    found = list(KEY.finditer(text))
    ends = (*(one.start() for one in found[1:]), len(text))
    return [
        (one["key"] or one["word"], text[one.end() : end].strip(" ,")) for one, end in zip(found, ends, strict=False)
    ]


def _is_counted(made: str, value: str) -> bool:
    """Whether a value is the one before, made a number: what reads numbers reads that as well."""
    return any(_bare(made) == f"{name}({_bare(value)}" for name in COUNTS)


def _bare(value: str) -> str:
    return "".join(value.split()).rstrip(")]},")


def _shape(value: str) -> tuple[str, list[str]]:
    """What a value is made by: the bracket it begins with, and whom it calls."""
    return value[:1] if value[:1] in "[{(" else "", CALLED.findall(value)
