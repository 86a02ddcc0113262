"""Containers that outlive a request and only grow."""

import re

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net, lowered
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.mechanisms.told import quote

CONTAINER = re.compile(
    r"\[\]|\{\}|\bmap\[|\b\w*(?:Map|List|Set|Array|Queue|Dict|Vector|Vec|Deque)\b"
    r"|\b(?:dict|list|set|defaultdict|deque|make|Counter)\("
)
LASTS = re.compile(r"^\S|\bstatic\b|\bglobal\b|self\.\w+\s*=|this\.\w+\s*=|@\w+\s*=")
STATEMENT = re.compile(
    r"^\s*(?:func|def|class|import|return|if|for|while|fn|function|package|use|from|type|else|elif)\b|^[)}\]]"
)
KEYWORDS = frozenset(
    {"var", "let", "const", "static", "private", "public", "final", "self", "this", "global", "map", "string", "int"}
)
NAME = re.compile(r"[A-Za-z_]\w{2,}")
GROWS = re.compile(
    r"\b(\w+)(?:\s*=\s*append\(|\.(?:append|push|add|put|insert|set|store|offer|addAll"
    r"|extend|push_back|Store)\(|\[[^\]]{1,60}\]\s*=(?!=)|\s*<<\s)"
)
BOUND = lowered(
    r"\blru\b|evict|max_?len|max_?size|max_?entries|max_?items|bounded|ring_?buffer"
    r"|expire|ttl|prune|trim|\bpop\w*\(|\bdelete\(|\.delete\("
    r"|\.remove\w*\(|\.clear\(|truncate|capacity|fixed.size|WeakMap|WeakRef|\w+Max\b|\[:0\]|reset\(",
)
FAMILIES = {"memory": 1.0, "crash": 0.5, "handles": 0.4, "cpu": 0.4, "latency": 0.35}
ON_THE_WAY = {"size": 1.0, "network": 0.9, "errors": 0.6, "parse": 0.5, "latency": 0.4}
GROWING, GROWS_ON_THE_WAY = "unbounded growth", "request grows with each call"
# Source: how HTTP and RPC libraries of Python, JavaScript, Java, Go and Ruby write headers, cookies and metadata.
SENT = lowered(
    r"headers?\[|(set|add|put|with|append)_?headers?\(|headers?\.(set|add|put|append|update)\(|cookies?\[|set_?cookie"
    r"|baggage|metadata\.(set|add|append|put)\(|query_?params?\.(set|add|append)\("
)
UNBOUND = {"memory": 0.9, "disk": 0.4, "cache": 0.4, "latency": 0.3, "handles": 0.4}


def growth(net: Net) -> list[Mechanism]:
    """Appends to a lasting container without a bound, and bounds that went away."""
    found = []
    held = _lasting(net)
    grows = _growing(net, held)
    if grows and not net.added.find(BOUND, 1):
        found.append(
            Mechanism(
                GROWING,
                FAMILIES,
                "a lasting container grows with each call and nothing removes from it",
                grows,
            )
        )
        if sent := net.added.find(SENT, 2):
            told = "what grows with each call is sent along with each, until it is too large to be read"
            found.append(Mechanism(GROWS_ON_THE_WAY, ON_THE_WAY, told, (*grows[:1], *sent)))
    gone = net.removed.find(BOUND)
    if gone and net.removed.count(BOUND) > net.added.count(BOUND):
        found.append(
            Mechanism(
                "limit of a container removed",
                UNBOUND,
                f"what limited or emptied a container is gone{quote(gone[0])}",
                gone,
            )
        )
    return found


def _lasting(net: Net) -> frozenset[str]:
    names: set[str] = set()
    for line in (*net.added.lines, *net.whole.context[:400]):
        name, _, _ = line.text[:300].partition("=")
        if "(" not in name and LASTS.search(name) and not STATEMENT.match(name) and CONTAINER.search(line.text[:300]):
            names.update(NAME.findall(name))
    return frozenset(names - KEYWORDS)


def _growing(net: Net, held: frozenset[str]) -> tuple[DiffLine, ...]:
    lines = (line for line in net.added.lines if any(name in held for name in GROWS.findall(line.text[:400])))
    return tuple(line for line, _ in zip(lines, range(3), strict=False))


def is_bounded(net: Net) -> tuple[DiffLine, ...]:
    """The added lines that name a bound, where nothing lasting grows without one."""
    return net.added.find(BOUND, 2)
