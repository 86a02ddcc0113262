"""Keys by which things are told apart and found again, and what follows when a key forgets a part or has a new name."""

import re
from collections.abc import Iterator

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.words.tokens import PART, WORD

KEY = re.compile(
    r"(?:\b|_)key|key(?:s|_?(?:for|of|by|func|generator|fn))?\b|[kK]eys?(?:Of|For|By)?\b|\bvary\b|partition_?by"
    r"|group_?by|distinct|dedup|fingerprint|hash_?(?:of|key|code)|cache_?id|idempoten",
    re.IGNORECASE,
)
LITERAL = re.compile(r"(?<!\{)\b[a-z]{1,3}:")
APART = 6
"""Source: ours; a line that replaces another stands close to it."""
CACHE = {"cache": 1.0, "data": 1.0, "auth": 0.7, "ratelimit": 0.6, "queries": 0.3, "errors": 0.4}
LIMIT = {"ratelimit": 1.0, "errors": 0.5, "auth": 0.3, "data": 0.4, "cache": 0.4}
FOUND = {"cache": 1.0, "queries": 0.7, "data": 0.6, "latency": 0.5, "traffic": 0.5, "auth": 0.4, "errors": 0.3}
MADE = re.compile(r"(?P<quote>[\"'`])(?P<key>[^\"'`\s]{3,120})(?P=quote)")
FILLED = re.compile(r"\$?\{[^{}]{0,60}\}|%[sdvq]")
NAMED = re.compile(r"[A-Za-z]{2,}.{0,40}:|:.{0,40}[A-Za-z]{2,}")
LONGEST = 300
LIMITER = re.compile(r"limit|throttl|quota|bucket|forwarded|\bip\b|remote_?addr", re.IGNORECASE)
NOISE_WORDS = """
key keys keyof const let var val return string str format join map function def fn of for the new self this cache
build make helper
"""
NOISE = frozenset(NOISE_WORDS.split())


def narrowed_keys(net: Net) -> list[Mechanism]:
    """Keys that are built of fewer parts than before: what differs in the part left out is taken for the same."""
    for old, new in _pairs(net) if net.whole.files else ():
        lost = _parts(old.text) - _parts(" ".join(line.text for line in new))
        gained = _parts(" ".join(line.text for line in new)) - _parts(old.text)
        if lost and len(gained) <= len(lost):
            told = f"a key is built without {', '.join(sorted(lost)[:3])}"
            families = LIMIT if LIMITER.search(old.text[:300]) else CACHE
            return [Mechanism("part of a key left out", families, told, (old, *new[:1]))]
    return []


def renamed_keys(net: Net) -> list[Mechanism]:
    """Keys whose fixed part is another in a line that otherwise stays: what lies under the old key is not found."""
    for old, new in net.swaps if net.whole.files else ():
        if net.kind(old) != "code" or len(old.text) > LONGEST or len(new.text) > LONGEST:
            continue
        before, after = _made(old.text), _made(new.text)
        is_alike = MADE.sub("#", old.text) == MADE.sub("#", new.text) and _filled(before) == _filled(after)
        if before and before != after and is_alike:
            told = f"a key is called {after[0]} instead of {before[0]}, so what was kept under that is not found"
            return [Mechanism("key of stored values renamed", FOUND, told, (old, new))]
    return []


def _made(text: str) -> list[str]:
    """Return the keys that a line makes: a name and a colon, with places to fill or an open end; no address or path."""
    keys = [found["key"] for found in MADE.finditer(text)]
    filled = [one for one in keys if FILLED.search(one) or one.endswith(":")]
    return [one for one in filled if NAMED.search(FILLED.sub("", one)) and "/" not in one]


def _filled(keys: list[str]) -> list[list[str]]:
    return [FILLED.findall(one) for one in keys]


def _pairs(net: Net) -> Iterator[tuple[DiffLine, tuple[DiffLine, ...]]]:
    """Each removed line that builds a key, with the added ones next to it that build one too."""
    keyed = [line for line in net.added.lines if KEY.search(line.text[:300])]
    for old in net.removed.lines:
        near = tuple(line for line in keyed if line.file == old.file and abs(line.number - old.number) <= APART)
        if near and KEY.search(old.text[:300]) and net.kind(old) == "code":
            yield old, near


def _parts(text: str) -> frozenset[str]:
    words = (word for word in WORD.findall(LITERAL.sub("", text[:300])))
    pieces = {piece.lower() for word in words for piece in PART.findall(word) if len(piece) > 1}
    return frozenset(piece for piece in pieces if piece not in NOISE)
