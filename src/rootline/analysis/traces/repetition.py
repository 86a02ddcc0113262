"""One parent that calls the same thing many times: loops, fan-out and retries."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rootline.analysis.traces.forest import Forest
from rootline.analysis.traces.naming import Operation
from rootline.analysis.traces.periods import Periods, mean
from rootline.analysis.traces.selftime import union_s

Manner = Literal["n_plus_one", "fan_out", "retry"]
_MANY = 5
_GREW = 1.3


@dataclass(frozen=True, kw_only=True)
class Repetition:
    """Repeated calls of one operation under one parent operation.

    `calls` and `baseline_calls` are the means a parent after and before the onset (0 where unseen), `most` the
    largest number under one parent. `parents` is how many current parents repeated. `share` is the part, 0 to 1,
    of those parents' time that the calls cover. `trace_id` and `span_id` name the parent with the most.
    """

    caller: str
    caller_operation: str
    service: str
    operation: str
    manner: Manner
    calls: float
    baseline_calls: float
    most: int
    parents: int
    share: float
    trace_id: str
    span_id: str


@dataclass(frozen=True, kw_only=True)
class _Repeated:
    parent: int
    calls: tuple[int, ...]


def repetitions(forest: Forest, periods: Periods) -> list[Repetition]:
    """Find operations that a current parent calls five times or more, or again after an error.

    A loop that was there before and grew by less than 30 % is left out. Order: the most calls added against
    the baseline first. Source: 5 and 30 % are own choices; below, pagination and item counts vary as much.
    """
    before: dict[tuple[Operation, Operation], list[int]] = {}
    after: dict[tuple[Operation, Operation], list[_Repeated]] = {}
    for at, below in enumerate(forest.children):
        for name, calls in _by_operation(forest, below).items():
            pair = (forest.operations[at], name)
            if periods.before(forest.starts[at]):
                before.setdefault(pair, []).append(len(calls))
            elif periods.after(forest.starts[at]):
                after.setdefault(pair, []).append(_Repeated(parent=at, calls=tuple(calls)))
    found = [_repetition(forest, pair, seen, before.get(pair, [])) for pair, seen in after.items()]
    return sorted((one for one in found if one), key=_order)


def _by_operation(forest: Forest, below: Sequence[int]) -> dict[Operation, list[int]]:
    found: dict[Operation, list[int]] = {}
    for child in below:
        found.setdefault(forest.operations[child], []).append(child)
    return found


def _repetition(
    forest: Forest, pair: tuple[Operation, Operation], seen: list[_Repeated], before: list[int]
) -> Repetition | None:
    retried = [one for one in seen if _retries(forest, one.calls)]
    many = [one for one in seen if len(one.calls) >= _MANY]
    repeated = retried or many
    if not repeated or (not retried and mean([len(one.calls) for one in seen]) < _GREW * mean(before)):
        return None
    worst = max(repeated, key=lambda one: (len(one.calls), -one.parent))
    caller, callee = pair
    return Repetition(
        caller=caller.service,
        caller_operation=caller.name,
        service=callee.service,
        operation=callee.name,
        manner=_manner(forest, worst, retried=bool(retried)),
        calls=mean([len(one.calls) for one in seen]),
        baseline_calls=mean(before),
        most=len(worst.calls),
        parents=len(repeated),
        share=mean([_share(forest, one) for one in repeated]),
        trace_id=forest.spans[worst.parent].trace_id,
        span_id=forest.spans[worst.parent].span_id,
    )


def _retries(forest: Forest, calls: Sequence[int]) -> bool:
    """Whether a failed call was followed by another that began after it."""
    ordered = sorted(calls, key=lambda call: (forest.starts[call], call))
    return any(
        forest.failed(call) and forest.starts[later] >= forest.starts[call] + 0.9 * forest.spans[call].duration_s
        for call, later in itertools.pairwise(ordered)
    )


def _manner(forest: Forest, one: _Repeated, *, retried: bool) -> Manner:
    if retried:
        return "retry"
    total = sum(forest.spans[call].duration_s for call in one.calls)
    if forest.coarse:
        return "fan_out" if total > 1.1 * forest.spans[one.parent].duration_s else "n_plus_one"
    return "fan_out" if _covered(forest, one) < total / 2 else "n_plus_one"


def _covered(forest: Forest, one: _Repeated) -> float:
    return union_s((forest.starts[call], forest.ends(call)) for call in one.calls)


def _share(forest: Forest, one: _Repeated) -> float:
    whole = forest.spans[one.parent].duration_s
    total = sum(forest.spans[call].duration_s for call in one.calls)
    spent = total if forest.coarse else _covered(forest, one)
    return min(1.0, spent / whole) if whole > 0 else 0.0


def _order(one: Repetition) -> tuple[float, str, str, str, str]:
    added = (one.calls - one.baseline_calls) * one.parents
    return (-added, one.caller, one.caller_operation, one.service, one.operation)
