"""Switches and names that a diff turned to another value."""

import re
from collections.abc import Mapping, Sequence

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.families import FAMILIES
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.mechanisms.setting import HUMP
from rootline.changes.mechanisms.told import became

SWITCH = re.compile(r"\b(true|false|on|off|yes|no|enabled?|disabled?)\b", re.IGNORECASE)
PAIR = re.compile(r"^\s*[-\"']{0,2}\s*([\w.:/-]{2,80})[\"']?\s*(?::=|=>|[:=])\s*(.{1,300}?)[,;]?\s*$")
ADDRESS = re.compile(
    r"://|\b[\w-]+(\.[\w-]+){2,}|\b(host|url|uri|endpoint|address|addr|dsn|server"
    r"|broker|upstream|region|bucket|namespace)s?\b",
    re.IGNORECASE,
)
CALL, TEXT = re.compile(r"\w\("), re.compile(r"[\"']([^\"']{1,200})[\"']")
FLIPPED = {"errors": 0.6, "config": 0.6, "unasked": 0.6, "data": 0.4, "crash": 0.3}
FLAGGED = {family: 0.4 * weight for family, weight in FLIPPED.items()}
"""Source: ours; flags flip every day, and what one does is told by its name alone."""
POINTED = {"network": 0.9, "dns": 0.9, "config": 0.8, "unasked": 0.7, "errors": 0.6, "auth": 0.4, "tls": 0.4}
OTHER = {"config": 0.6, "errors": 0.4, "startup": 0.4}
GONE = {"config": 0.9, "startup": 0.7, "errors": 0.4, "null": 0.4, "auth": 0.3}
TOPIC, MOST_KEYS = 0.75, 3
DIRECTIVE = re.compile(r"^\s*([a-z][\w.-]{2,60})\s+\S.{0,200}?;?\s*$")
DIRECTIVES = re.compile(r"\.(conf|cfg|cnf|vcl)$|(^|/)(nginx|haproxy|sshd_config)[^/]*$", re.IGNORECASE)
"""Source: the configuration files of nginx, HAProxy, Redis, Apache and OpenSSH, whose keys and values a space parts."""
KEY = re.compile(r"^\s*-?\s*[\"']?([\w./-]{2,80})[\"']?\s*[:=]")


def values(net: Net) -> list[Mechanism]:
    """Keys whose switch flipped or whose text changed, at most 8; the key's words tell the families."""
    olds: dict[tuple[str, str], tuple[str, DiffLine]] = {}
    for line in net.removed.lines:
        if (pair := PAIR.match(line.text[:400])) and net.kind(line) != "manifest":
            olds[line.file, pair[1].lower()] = (pair[2], line)
    found = []
    for line in net.added.lines:
        pair = PAIR.match(line.text[:400])
        old = olds.pop((line.file, pair[1].lower()), None) if pair else None
        if pair and old and old[0] != pair[2]:
            found += _change(pair[1], old, (pair[2], line))
    return [*found[:8], *_turned(net), *_gone(net)]


def _turned(net: Net) -> list[Mechanism]:
    """Lines that stay but for a switch somewhere inside of them, such as a default in a call, taken as one."""
    olds = {_masked(line): line for line in net.removed.lines[:400] if not _is_switch(line)}
    pairs = [(old, line) for line in net.added.lines[:400] if (old := olds.get(_masked(line))) and _bit(old, line)]
    if not pairs:
        return []
    text = " ".join(line.text[:100] for _, line in pairs[:20])
    reason = f"a switch is turned inside of a line{became(*pairs[0])}"
    lines = (*pairs[0], *pairs[-1])[:3]
    return [Mechanism("switch inside a line flipped", _with_topics(FLIPPED, text), reason, lines)]


def _is_switch(line: DiffLine) -> bool:
    pair = PAIR.match(line.text[:400])
    return pair is not None and SWITCH.fullmatch(pair[2].strip("\"' ")) is not None


def _masked(line: DiffLine) -> tuple[str, str]:
    return line.file, "".join(SWITCH.sub("#", line.text[:400]).split())


def _bit(old: DiffLine, new: DiffLine) -> bool:
    return SWITCH.findall(old.text[:400].lower()) != SWITCH.findall(new.text[:400].lower())


def _gone(net: Net) -> list[Mechanism]:
    """Keys of a configuration file that went and did not come back, taken as one."""
    came = {key[1].lower() for line in net.added.lines if (key := _key(line))}
    gone = [
        line
        for line in net.removed.lines
        if net.kind(line) == "config" and (key := _key(line)) and key[1].lower() not in came
    ]
    if not gone:
        return []
    text = " ".join(line.text[:100] for line in gone[:20])
    return [
        Mechanism(
            "setting removed",
            _with_topics(GONE, text),
            f"keys of a configuration are gone: {_named(gone)}",
            tuple(gone[:3]),
        )
    ]


def _named(lines: Sequence[DiffLine]) -> str:
    keys = list(dict.fromkeys(key[1] for line in lines if (key := _key(line))))
    return ", ".join(keys[:MOST_KEYS]) + (f" and {len(keys) - MOST_KEYS} more" if len(keys) > MOST_KEYS else "")


def _key(line: DiffLine) -> re.Match[str] | None:
    spaced = DIRECTIVE.match(line.text[:400]) if DIRECTIVES.search(line.file) else None
    return KEY.match(line.text[:400]) or spaced


def _change(key: str, old: tuple[str, DiffLine], new: tuple[str, DiffLine]) -> list[Mechanism]:
    before, after = old[0], new[0]
    lines = (old[1], new[1])
    if SWITCH.fullmatch(before.strip("\"' ")) and SWITCH.fullmatch(after.strip("\"' ")):
        reason = f"{key} turned from {before[:40]} to {after[:40]}"
        usual = FLIPPED if old[1].file else FLAGGED
        return [Mechanism("switch flipped", _with_topics(usual, key), reason, lines)]
    text = f"{key} {before} {after}"
    if _points_elsewhere(key, before, after):
        return [
            Mechanism("address changed", _with_topics(POINTED, text), f"{key} points elsewhere{became(*lines)}", lines)
        ]
    if re.search(r"[A-Za-z]", after) and not re.search(r"[({]", before + after):
        return [
            Mechanism("setting changed", _with_topics(OTHER, text), f"{key} has another value{became(*lines)}", lines)
        ]
    return []


def _points_elsewhere(key: str, before: str, after: str) -> bool:
    """Whether an address is another one; of two calls the texts tell that only the new one is given."""
    is_address = bool(ADDRESS.search(_words(key)))
    olds, news = TEXT.findall(before), TEXT.findall(after)
    if not (CALL.search(before) and CALL.search(after) and olds and news):
        return is_address or bool(ADDRESS.search(after))
    return any(is_address or ADDRESS.search(text) for text in set(news) - set(olds))


def _words(text: str) -> str:
    return re.sub(r"[_.-]", " ", HUMP.sub(" ", text))


def _with_topics(families: Mapping[str, float], text: str) -> dict[str, float]:
    words = _words(text)
    topics = {family: TOPIC for family, pattern in FAMILIES.items() if pattern.search(words)}
    return {family: max(families.get(family, 0.0), topics.get(family, 0.0)) for family in families.keys() | topics}
