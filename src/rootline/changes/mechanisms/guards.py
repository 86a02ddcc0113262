"""Checks that kept a bad value out, and whether a diff took them away."""

import re

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net, lowered
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.mechanisms.told import quote

EMPTY = (
    r"[!=]=+\s*(?:nil|null|None|undefined|nullptr|\"\"|'')|\bis (?:not )?(?:None|null)"
    r"|\bif\s*\(?!\w|\?\.|\?\?|isNull|is_none|isEmpty"
    r"|isPresent|requireNonNull|getOrDefault|(?<!environ)(?<!env)\.get\((?![\"'](?:/|http))[^()]{1,60},"
    r"|, ok\s*:?=|\bhasattr|\bisset|\.nil\?|\.present\?|\.blank\?|\.dig\("
    r"|\|\||if let Some|ok_or|unwrap_or|\.fetch\([^)]*,"
)
ERROR_CHECK = re.compile(r"\berr(or)?\s*[!=]=\s*nil")
EMPTINESS = lowered(EMPTY)
BOUNDS = lowered(
    r"\blen\([^)]*\)\s*[<>=!]|\.(?:length|size|count)(?:\(\))?\s*[<>=!]"
    r"|\bif\b[^\n]{0,80}[<>]=?\s*[\w.]+"
)
FAILURE = lowered(
    r"\b(if|elif|case|when)\b[^\n]{0,80}\b(status\w*|code|err\w*)\b\W{1,8}([45]\d\d|\w*(error|exception)\w*)\b"
)
CATCH = lowered(r"\b(?:except|catch|rescue|recover)\b")
VALIDATE = lowered(
    r"\b(?:validate\w*|assert|isinstance|sanitize\w*|check\w*|verify\w*|require\w*"
    r"|ensure\w*)\("
)
FORCED = lowered(
    r"\.unwrap\(\)|\.expect\(|!!\.|\w!\.|\bas!|\bMust(?!Register|Compile)[A-Z]\w+\("
    r"|\.\(\*?\w[\w.]*\)\s*$|\.get\(\)\.|\.first\(?\)?\.|\.find\([^)]*\)\."
)

LOOPS = lowered(r"^\s*(async )?(for|foreach|while|loop)\b")
ENDS = lowered(
    r"(^\s*|\.)(close|clear|reset|disconnect|shutdown|invalidate|evict|expire|cancel|kill|terminate|drop|delete|remove"
    r"|discard|release|stop|truncate|pop)\w*\("
)
FEW, MANY = 2, 6
NULL = {"null": 1.0, "crash": 0.8, "errors": 0.6, "parse": 0.4, "data": 0.5}
RANGE = {"bounds": 1.0, "crash": 0.7, "data": 0.7, "size": 0.5, "errors": 0.5, "memory": 0.4}
CAUGHT = {"crash": 0.9, "errors": 0.8, "queue": 0.5, "parse": 0.5, "null": 0.3, "startup": 0.4}
VALID = {"data": 0.9, "parse": 0.8, "errors": 0.6, "null": 0.5, "crash": 0.5, "auth": 0.4, "config": 0.4, "bounds": 0.5}


def guards(net: Net) -> list[Mechanism]:
    """Checks of emptiness, range, errors or validity of which more went than came, and values that are now forced."""
    found = []
    for name, pattern, families in (
        ("emptiness check removed", EMPTINESS, NULL),
        ("range check removed", BOUNDS, RANGE),
        ("error handler removed", CATCH, CAUGHT),
        ("validation removed", VALIDATE, VALID),
    ):
        gone = tuple(line for line in net.removed.find(pattern, 8) if not ERROR_CHECK.search(line.text[:400]))
        if gone and len(gone) > sum(not ERROR_CHECK.search(line.text[:400]) for line in net.added.find(pattern, 12)):
            found.append(Mechanism(name, families, f"{name}, and none came instead{quote(gone[0])}", gone[:3]))
    forced = net.added.find(FORCED)
    if forced:
        found.append(
            Mechanism(
                "value taken unchecked",
                {"null": 0.8, "crash": 0.7, "errors": 0.4},
                f"a value is taken without asking whether it is there{quote(forced[0])}",
                forced,
            )
        )
    return found


def adds_guard(net: Net) -> tuple[DiffLine, ...]:
    """Lines that only add a check, in a diff that takes no code away, begins no loop and ends nothing."""
    if len(net.removed.lines) > FEW or len(net.added.lines) > MANY:
        return ()
    if net.added.find(LOOPS, 1) or net.added.find(ENDS, 1):
        return ()
    more = (one for one in (EMPTINESS, BOUNDS, FAILURE) if net.added.count(one) > net.removed.count(one))
    found = (line for pattern in more for line in net.added.find(pattern, 2))
    return tuple(line for line in found if not ERROR_CHECK.search(line.text[:400]))[:1]
