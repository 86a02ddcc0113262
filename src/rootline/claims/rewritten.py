"""What verified claims quote of a change's own lines: from what to what, in plain words."""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rootline.claims.plain import clipped
from rootline.claims.render import turned
from rootline.domain.claim import Claim, LineSelector, PointerSelector

_LONGEST = 80
_ALIKE = 0.5
"""Source: ours; of two lines that share half of their letters in order, one is the other rewritten."""
_NEAR = 12
"""Source: ours; a line that replaces another stands close to it."""
_FACT = re.compile(r"/facts/(?P<fact>\d{1,6})/")
_DIFF = re.compile(r"/facts/(?P<fact>\d{1,6})/diff/(?P<line>\d{1,7})")


@dataclass(frozen=True)
class _Line:
    """A quoted line of a diff: of which change, where in its diff, with which sign, and its text."""

    change: tuple[str, str]
    number: int
    sign: str
    text: str


def rewritten(verified: Sequence[Claim], change: str) -> str:
    """Say from what to what a change turned something; empty where no claim says so.

    That is told by a claim of a flag's or key's two values, or by the lines of its diff that claims quote: one became
    the other only where both stand close to each other and are alike. Lines of another change are left out.
    """
    values = next((turned(one) for one in verified if one.predicate == "changed" and one.value == change), "")
    if values:
        return values.removeprefix(", ")
    own = {
        place for claim in verified if claim.predicate == "changed" and claim.value == change for place in _of(claim)
    }
    lines = [one for one in _lines(verified) if one.change in own][:2]
    old, new = (next((one for one in lines if one.sign == sign), None) for sign in "-+")
    if old and new and _is_pair(old, new):
        return f"{_shown(old)} became {_shown(new)}"
    return "".join(f"it {'now has' if one.sign == '+' else 'no longer has'} {_shown(one)}" for one in lines[:1])


def _lines(verified: Iterable[Claim]) -> Iterator[_Line]:
    for claim in verified:
        said = claim.value if claim.predicate == "contains" and isinstance(claim.value, str) else ""
        if said[:1] in {"+", "-"}:
            pointers = [one for one in claim.selectors if isinstance(one, LineSelector)]
            found = ((one.evidence, _DIFF.fullmatch(one.pointer)) for one in pointers)
            at = next(((evidence, match) for evidence, match in found if match), None)
            if at is not None:
                yield _Line((at[0], at[1]["fact"]), int(at[1]["line"]), said[0], said[1:].strip())


def _of(claim: Claim) -> Iterator[tuple[str, str]]:
    """The facts that a claim points at, by their evidence."""
    for one in claim.selectors:
        if isinstance(one, PointerSelector) and (found := _FACT.match(one.pointer)):
            yield one.evidence, found["fact"]


def _is_pair(old: _Line, new: _Line) -> bool:
    is_near = old.change == new.change and abs(old.number - new.number) <= _NEAR
    return is_near and difflib.SequenceMatcher(None, old.text[:400], new.text[:400]).ratio() >= _ALIKE


def _shown(line: _Line) -> str:
    return f"“{clipped(line.text, _LONGEST)}”"
