"""analyze_traces: where the time goes, where errors begin, who waits for whom."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from rootline.analysis.traces.analysis import TraceFindings, analyse
from rootline.analysis.traces.behaviour import Behaviour
from rootline.analysis.traces.faults import ErrorRoot
from rootline.analysis.traces.operations import OperationChange
from rootline.analysis.traces.path import PathStep
from rootline.analysis.traces.periods import Timing
from rootline.analysis.traces.structure import Change
from rootline.domain.evidence import Reading, SourceName, Truncated
from rootline.domain.fact import AnyFact, BehaviourFact, OperationFact
from rootline.tools.failing import contrasted
from rootline.tools.observation import observe
from rootline.tools.scene import Scene
from rootline.tools.splitting import split_of
from rootline.tools.times import End, Start, resolve
from rootline.tools.traced import line, series_facts
from rootline.tools.wording import cut, not_configured, nothing, number, some

Place = tuple[str, str]
_MOST_BEHAVIOURS, _SHOWN_BEHAVIOURS, _SHOWN_SERIES = 40, 3, 3
_WORTH = 0.05
_OF_THE_PATH, _A_PATH, _SHOWN_STEPS = 0.2, 2, 6


async def analyze_traces(
    service: Annotated[str, Field(description="Only traces through it; empty: all", max_length=300)] = "",
    start: Start = "",
    end: End = "",
    limit: Annotated[int, Field(description="Operations shown", ge=1, le=50)] = 8,
    *,
    scene: Scene,
) -> Reading:
    """Compare traces before and after the onset: self-time by operation, error roots, N+1, retries, queueing."""
    source, window = scene.sources.traces, resolve(start, end, scene.window, scene.now)
    if source is None:
        return not_configured("traces", window, scene.sources.cluster_name)
    backend = SourceName(backend=source.name, cluster=scene.sources.cluster_name)
    spans = await source.spans(service, window)
    if not spans:
        asked = f"traces of {service}" if service else "traces"
        known = bool(await source.spans("", window))
        reason = "other services have traces" if known else "no trace was kept in this window"
        return nothing(asked, window, backend, subject=service or "traces", known=known, reason=reason)
    seen = await observe(scene.sources, window, service)
    onset = split_of(seen, window, (span.start for span in spans))
    found = analyse(spans, window, onset=onset)
    operations = _facts(found)
    unlike = [_behaviour(one) for one in found.behaviours[:_MOST_BEHAVIOURS]]
    timed = series_facts(seen.traced, window)
    facts: tuple[AnyFact, ...] = (*operations, *unlike, *timed)
    shown = operations[:limit]
    split = "split at the onset" if onset else "no onset is known to split them at"
    head = f"{found.traces} traces, {found.spans} spans, {split}"
    told = [f"[{at}] {_told(fact)}" for at, fact in enumerate(unlike[:_SHOWN_BEHAVIOURS], len(operations))]
    begun = [
        f"[{at}] {line(fact)}"
        for at, fact in enumerate(timed[:_SHOWN_SERIES], len(operations) + len(unlike))
        if fact.onset
    ]
    return Reading(
        status="ok",
        summary="\n".join(
            [
                head,
                *(f"[{at}] {_line(fact)}" for at, fact in enumerate(shown)),
                *told,
                *begun,
                *_path(found.critical_path),
            ]
        ),
        facts=facts,
        source=backend,
        window=window,
        truncated=Truncated(returned=len(shown), total=len(operations)) if len(shown) < len(operations) else None,
    )


def _behaviour(one: Behaviour) -> BehaviourFact:
    return BehaviourFact(
        subject=one.service,
        strength=round(one.strength, 4),
        own=round(one.time.own, 4),
        growth=round(one.time.growth, 3),
        on_the_way=round(min(one.time.on_the_way, 1.0), 4),
        peers=list(one.time.peers),
        changed=round(one.changed, 4),
        notes=[_did(change) for change in one.changes],
    )


def _did(one: Change) -> str:
    child = one.child.name if one.child.service == one.service else f"{one.child.service} {one.child.name}"
    verb = "no longer leads to" if one.now < one.usual else "now leads to"
    shares = f"{number(one.usual * 100)} % of the calls before, {number(one.now * 100)} % now"
    return f"{cut(one.operation.name, 80)} {verb} {cut(child, 80)}: {shares}"


def _told(fact: BehaviourFact) -> str:
    slow = f" {number(fact.own * 100)} % of all extra time is its own;" if fact.own >= _WORTH else ""
    with_whom = some(fact.peers, 3)
    way = f" {number(fact.on_the_way * 100)} % is lost between it and {with_whom};" if fact.on_the_way >= _WORTH else ""
    return f"{cut(fact.subject, 80)} behaves unlike itself:{slow}{way} {'; '.join(fact.notes[:2])}".rstrip("; ")


def _facts(found: TraceFindings) -> list[OperationFact]:
    roots: dict[Place, ErrorRoot] = {}
    for root in found.error_roots:
        roots.setdefault((root.service, root.operation), root)
    notes, repeats = _notes(found), _repeats(found)
    slowest = {(one.service, one.operation): one.trace_id for one in found.critical_path}
    contrasts = dict(_contrasts(found))
    facts = [_fact(one, roots.get((one.service, one.operation)), notes, repeats, slowest) for one in found.operations]
    return [
        one.model_copy(update={"version_contrast": contrasts.get((one.service, one.operation), "")}) for one in facts
    ]


def _contrasts(found: TraceFindings) -> Iterable[tuple[Place, str]]:
    """Say of operations through which new version of a service their calls go wrong; of several the clearest."""
    for kind, one in reversed(contrasted(found)):
        yield (kind.service, kind.operation), one.told(kind.operation)


def _repeats(found: TraceFindings) -> Mapping[Place, float]:
    """How many times as often as before each operation calls the same, where it does not only try again."""
    repeats: dict[Place, float] = {}
    for one in found.repetitions:
        if one.manner != "retry":
            place = (one.caller, one.caller_operation)
            repeats[place] = max(repeats.get(place, 0.0), one.calls / max(one.baseline_calls, 1.0))
    return repeats


def _notes(found: TraceFindings) -> Mapping[Place, list[str]]:
    notes: dict[Place, list[str]] = {}
    for place, text in _remarks(found):
        notes.setdefault(place, []).append(text)
    return notes


def _remarks(found: TraceFindings) -> Iterable[tuple[Place, str]]:
    yield from _contrasts(found)
    for one in found.repetitions:
        manner = one.manner.replace("_", " ")
        text = f"{manner}: {number(one.calls)} calls of {cut(one.operation, 60)} in {one.service}"
        yield (one.caller, one.caller_operation), f"{text} a time, {number(one.baseline_calls)} before"
    for sign in found.queueing:
        yield (sign.service, sign.operation), f"waits: {cut(sign.sign, 60)} {number(sign.value)} {sign.unit}".strip()
    for lost in found.lost:
        shares = f"{number(lost.baseline_share * 100)} % of its calls before, {number(lost.share * 100)} % now"
        yield (lost.service, lost.operation), f"missing spans: {cut(lost.callee, 60)} answered {shares}"
    handed = (root for root in found.error_roots if root.by_way_of)
    yield from (((one.service, one.operation), f"fails over what {some(one.by_way_of, 3)} hand on") for one in handed)
    for orphans in found.missing:
        callers = f", usually called by {some(orphans.usual_callers, 3)}" if orphans.usual_callers else ""
        shares = f"of {number(orphans.share * 100)} % of its calls, {number(orphans.baseline_share * 100)} % before"
        yield (orphans.service, orphans.operation), f"missing spans: the caller {shares}{callers}"
    for contrast in found.slow:
        for part in contrast.contributions[:2]:
            text = f"{number(part.share * 100)} % of what slow {cut(contrast.operation, 60)} traces have more"
            yield (part.service, part.operation), text
    for step in found.critical_path:
        if step.self_s >= _OF_THE_PATH * found.critical_path[0].duration_s:
            text = (
                f"on the critical path of the slowest trace {cut(step.trace_id, 40)}: {number(step.self_s)} s its own"
            )
            yield (step.service, step.operation), text


def _path(steps: Sequence[PathStep]) -> list[str]:
    """Tell the critical path of the slowest trace in one line, its longest part with its own time."""
    if len(steps) < _A_PATH:
        return []
    names = [f"{cut(one.service, 60)} {cut(one.operation, 60)} {number(one.self_s)} s" for one in steps[:_SHOWN_STEPS]]
    more = f" > {len(steps) - _SHOWN_STEPS} more" if len(steps) > _SHOWN_STEPS else ""
    whole = (
        f"slowest trace {cut(steps[0].trace_id, 40)}, {number(steps[0].duration_s)} s, own time on its critical path"
    )
    return [f"{whole}: {' > '.join(names)}{more}"]


def _fact(
    one: OperationChange,
    root: ErrorRoot | None,
    notes: Mapping[Place, list[str]],
    repeats: Mapping[Place, float],
    slowest: Mapping[Place, str],
) -> OperationFact:
    """Tell an operation, with a trace that shows it: where errors begin, else the slowest that it is on."""
    return OperationFact(
        subject=f"{one.service} {one.operation}",
        service=one.service,
        operation=one.operation,
        count=one.count,
        p50_before_s=_p50(one.baseline_duration),
        p50_after_s=_p50(one.duration),
        p95_before_s=_p95(one.baseline_duration),
        p95_after_s=_p95(one.duration),
        self_before_s=_p50(one.baseline_self_time),
        self_after_s=_p50(one.self_time),
        errors_before=one.baseline_error_share if one.baseline_count else None,
        errors_after=one.error_share if one.count else None,
        error=root.message if root else "",
        is_error_root=root is not None,
        notes=notes.get((one.service, one.operation), []),
        trace_id=root.trace_id if root else slowest.get((one.service, one.operation), ""),
        by_way_of=list(root.by_way_of) if root else [],
        repeats=round(repeats.get((one.service, one.operation), 0.0), 3),
    )


def _p50(timing: Timing | None) -> float | None:
    return None if timing is None else timing.p50_s


def _p95(timing: Timing | None) -> float | None:
    return None if timing is None else timing.p95_s


def _line(fact: OperationFact) -> str:
    took = f"p95 {number(fact.p95_before_s)}→{number(fact.p95_after_s)} s, self {number(fact.self_after_s)} s"
    errors = f", errors {number(fact.errors_before)}→{number(fact.errors_after)}" if fact.errors_after else ""
    root = f", errors begin here: {cut(fact.error, 100)}" if fact.is_error_root else ""
    notes = "; " + "; ".join(fact.notes[:2]) if fact.notes else ""
    return f"{cut(fact.subject, 100)} ×{fact.count} {took}{errors}{root}{notes}"
