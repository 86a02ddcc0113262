"""The edge of one case: what goes wrong inside is told and counted against it, and the others go on."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rootline.errors import BadTape, Misconfigured
from rootline.evals.suite import Case, Line, Prediction, Solver, Suite, Verdict

LONGEST = 500
_LOG = logging.getLogger(__name__)


async def answered(suite: Suite[Any], case: Case, *, alias: str, solve: Solver, rename: int | None) -> Line:
    """Return a case's prediction, or a line that says why there is none.

    Raises Misconfigured for what is wrong with the whole run; a fault of ours is logged with where it happened.
    """
    try:
        line: Line = await suite.predict(case, alias=alias, solve=solve, rename=rename)
    except BadTape as bad:
        return _none(suite, case, f"it cannot be read: {bad}")
    except Misconfigured:
        raise
    except Exception as fault:  # noqa: BLE001 around one case, whatever it does, the run goes on and ends with 1
        _LOG.exception("%s raised a fault of Rootline itself", case.name)
        return _none(suite, case, f"a fault of Rootline itself: {type(fault).__name__}: {fault}")
    return line


def judged(suite: Suite[Any], lines: Sequence[Line], cases: Sequence[Case]) -> tuple[list[Verdict], list[Case]]:
    """Judge every case that has a truth; one that raised is wrong in every number.

    Returns the verdicts, and the cases that can be read whole, with their truth or without any.
    """
    found, readable, bare = [], [], []
    for line, case in zip(lines, cases, strict=True):
        try:
            verdict = verdict_of(suite, line, case)
        except BadTape as bad:
            _LOG.warning("%s is not judged, its truth cannot be read: %s", case.name, bad)
            continue
        readable += [] if line.raised else [case]
        found += [verdict] if verdict else []
        bare += [case.name] if _is_bare(line) else []
    names = dict.fromkeys(name for one in found for name in one.numbers)
    wrong = [Verdict(case=name, kind="raised", numbers=dict.fromkeys(names, 0.0)) for name in bare if found]
    return [*found, *wrong], readable


def verdict_of(suite: Suite[Any], line: Line, case: Case) -> Verdict | None:
    """Judge one case; one that raised is wrong in every number, and one without any answer is left to `judged`."""
    if _is_bare(line):
        return None
    verdict = suite.judge(line, case)
    if verdict is None or not line.raised:
        return verdict
    return replace(verdict, right=False, numbers=dict.fromkeys(verdict.numbers, 0.0))


def _is_bare(line: Line) -> bool:
    return bool(line.raised) and not isinstance(line, Prediction)


def _none(suite: Suite[Any], case: Case, why: str) -> Line:
    """An empty answer in the suite's own shape, where it has one; a bare line for suites without answers."""
    kind = suite.line if issubclass(suite.line, Prediction) else Line
    empty: Line = kind(case=case.name, raised=why[:LONGEST])
    return empty
