"""That the release before the suspected one fails in the same way, as people tell or its own errors show."""

import re
from collections.abc import Iterator

from rootline.changes.symptom import Symptom
from rootline.changes.verdict import NoneReason
from rootline.domain.hypothesis import Remediation

OLDER = "older release fails too"
OLDER_FAILS = 3.0
# Source: the words in which on-calls tell that the release before the suspected one does the same.
TRIED = re.compile(
    r"(roll(ed|ing)?[ -]?back|revert(ed)?|previous (release|version|revision|build|image)|old(er)? (release"
    r"|version|pod|build|image)"
    r"|last good|prior (release|version))\b.{0,80}\b(same|still|also|too|as well|no (effect|change|improvement"
    r"|help)|not help|fail(s|ing)? )"
    r"|\b(same|still|also)\b.{0,40}\b(on|with|in|after) (the )?(previous|old(er)?|prior|rolled.?back|last good"
    r"|rollback)",
    re.IGNORECASE,
)
# Source: how processes and their machines are called in log lines, and the words of errors.
FORMER = re.compile(
    r"\b(roll(ed|ing)?[ -]?back|previous|old(er)?|prior|former|last good) (pod|release|version|revision|build|image"
    r"|instance|replica ?set|deployment|binary)s?\b",
    re.IGNORECASE,
)
FAILS = re.compile(
    r"invalid|expired|refused|rejected|denied|unauthori[sz]ed|forbidden|timed? ?out|unavailable|panic|crash(es|ed|ing)"
    r"|exception|unreachable|\b(40[13]|50\d)\b|\bfail(s|ed|ing)\b",
    re.IGNORECASE,
)
IS_WELL = re.compile(
    r"\b(ok|fine|healthy|works?|succee\w+|success\w*|recovered|without errors?|no errors?|unaffected|normal"
    r"|cannot|can ?not|unknown|incompatib\w*|written by|does not)\b",
    re.IGNORECASE,
)


def tried(symptom: Symptom) -> Iterator[tuple[NoneReason, Remediation]]:
    """Yield that the release before was seen, and that it failed too; it lends no fix of its own."""
    quote = next((text[:160] for text in symptom.texts[:200] if _says_so(text[:600])), None)
    if quote is not None:
        yield NoneReason(name=OLDER, weight=OLDER_FAILS, reason=f"it is told that {quote}"), "escalate-upstream"


def _says_so(text: str) -> bool:
    if TRIED.search(text):
        return True
    return bool(FORMER.search(text) and FAILS.search(text)) and not IS_WELL.search(text)
