"""Evidence from time: what ran before the onset may be the cause, what ran after it cannot."""

from datetime import datetime, timedelta
from math import exp

from rootline.changes import weights
from rootline.changes.candidate import Candidate
from rootline.changes.symptom import Symptom
from rootline.changes.timing import TookEffect, after
from rootline.changes.verdict import Component
from rootline.domain.window import rfc3339

FRESH = timedelta(hours=1)
FADES = timedelta(seconds=30)
"""Source: ours; what breaks each call shows with the first calls, so the seconds before an onset tell more than the
minutes before it. Onsets that are known to the minute only hardly feel it."""
AGREE = timedelta(seconds=15)
"""Source: ours; the clocks of machines and of deployments agree to within seconds."""
INSTANTLY, RECORDED, LATE = timedelta(seconds=6), timedelta(seconds=1), timedelta(seconds=6)
"""Source: ours; a process answers requests a moment before its deployment is written down, and fails in the first."""
ROLL_OUT = timedelta(minutes=1)
"""Source: ours; some deployments are recorded when the last instance runs, and the first of them may fail before."""
JUST = AT_ONCE = timedelta(minutes=10)


def relevant_effect(candidate: Candidate, symptom: Symptom) -> TookEffect | None:
    """When the change first ran before the onset, in the failing service or else anywhere; else when it first ran.

    A deployment that names it, of a service that has to do with the failing one, tells more than one that carried it.
    """
    involved = {symptom.service, *symptom.near, *symptom.services}
    own = [one for one in candidate.effects if symptom.is_of(one.service)]
    near = [one for one in candidate.effects if symptom.reaches(one.service)]
    named = [one for one in candidate.effects if not one.rode_along and one.service in involved]
    for pool in ([one for one in own if not one.rode_along], named, own, near, list(candidate.effects)):
        before = [one for one in pool if not after(one.at, symptom.onset, symptom.tolerance)]
        if before:
            return before[0]
    return candidate.effects[0] if candidate.effects else None


def order_in_time(candidate: Candidate, symptom: Symptom, *, deployments_known: bool) -> list[Component]:
    """When the change began to run, against the onset; silent when neither is known.

    A commit's own time is used in one way only: code written after the onset did not run before it.
    """
    effect = relevant_effect(candidate, symptom)
    if effect is not None and candidate.kind in {"flag", "config"}:
        return [_switched(effect, symptom)]
    if effect is not None:
        return [_effective(effect, symptom)]
    if candidate.commit is not None and after(candidate.commit.at, symptom.onset, symptom.tolerance):
        return [Component(name="time", contribution=weights.AFTER_ONSET, reason="it was written after the onset")]
    if deployments_known:
        return [Component(name="time", contribution=weights.NOT_DEPLOYED, reason="no deployment is known to carry it")]
    return []


def let_run(candidate: Candidate, symptom: Symptom) -> list[Component]:
    """That a flag which the commit's code waits behind was switched shortly before the onset."""
    onset = symptom.onset
    if onset is None:
        return []
    near = [
        flag for flag in candidate.behind if not after(flag.at, onset, symptom.tolerance) and onset - flag.at <= FRESH
    ]
    if not near:
        return []
    last = max(near, key=lambda flag: flag.at)
    weight = weights.LET_RUN if onset - last.at <= AT_ONCE else weights.LET_RUN_OLD
    weight -= weights.AFTER_FIRST_ERROR * late_by(last.at, symptom.failing_at)
    if weight <= 0:
        return []
    reason = (
        f"its code names the flag {last.flag[:80]}, which was switched at {rfc3339(last.at)}, {_side(last.at, onset)}"
    )
    return [Component(name="switch", contribution=weight, reason=reason)]


def _effective(effect: TookEffect, symptom: Symptom) -> Component:
    onset = symptom.onset
    when = f"it began to run as {effect.service or 'a service'} at {rfc3339(effect.at)}"
    if onset is None:
        return Component(name="time", contribution=weights.DEPLOYED_OLD, reason=when)
    if after(effect.at, onset, symptom.tolerance):
        late = weights.JUST_AFTER_ONSET if effect.at - onset <= JUST else weights.AFTER_ONSET
        return Component(name="time", contribution=late, reason=f"{when}, after the onset")
    if later := _after_first_error(effect, symptom, when):
        return later
    weight = weights.DEPLOYED if onset - effect.at <= FRESH else weights.DEPLOYED_OLD
    weight += _close(effect, symptom, onset)
    if late := _late(effect, symptom):
        weight -= late
        when += f", but what shows the cause had moved at {rfc3339(symptom.measured_at or onset)}"
    if effect.rode_along:
        weight *= weights.RODE_ALONG
        when += ", carried by a later commit's deployment"
    return Component(name="time", contribution=weight, reason=f"{when}, {_side(effect.at, onset)}")


def _side(at: datetime, onset: datetime) -> str:
    """On which side of the onset a moment lies that is not clearly after it."""
    return "before the onset" if at <= onset else "about at the onset"


def _after_first_error(effect: TookEffect, symptom: Symptom, when: str) -> Component | None:
    """That errors of this kind were logged before it, by more than clocks differ."""
    if symptom.failing_at is None or effect.at <= symptom.failing_at + AGREE:
        return None
    told = f"{when}, after the first error of this kind at {rfc3339(symptom.failing_at)}"
    late = weights.JUST_AFTER_ONSET * min((effect.at - symptom.failing_at) / ROLL_OUT, 1.0)
    return Component(name="time", contribution=late, reason=told)


def _close(effect: TookEffect, symptom: Symptom, onset: datetime) -> float:
    """What it adds that something began within seconds of it, the more where a log tells the second."""
    began = min(onset, symptom.failing_at or onset)
    return weights.AT_ONCE * exp(-abs((began - effect.at) / FADES)) + _beside(effect, symptom)


def _beside(effect: TookEffect, symptom: Symptom) -> float:
    """What a log adds, which tells the second in which it began to fail: more just before it, less well after it."""
    if symptom.failing_at is None:
        return 0.0
    gap = symptom.failing_at - effect.at
    fades = INSTANTLY if gap >= -RECORDED else INSTANTLY / 3
    late = late_by(effect.at, symptom.failing_at)
    return weights.WITH_FIRST_ERROR * exp(-abs(gap / fades)) - weights.AFTER_FIRST_ERROR * late


def _late(effect: TookEffect, symptom: Symptom) -> float:
    """What it takes from a change that what measures a cause outside of all changes had moved before it ran."""
    return weights.AFTER_FIRST_ERROR * late_by(effect.at, symptom.measured_at)


def late_by(at: datetime, other: datetime | None) -> float:
    """How surely a moment lies after another one: 0 within a second, 1 from six on; 0 where that is not known."""
    return min(max((at - other - RECORDED) / (LATE - RECORDED), 0.0), 1.0) if other is not None else 0.0


def _switched(effect: TookEffect, symptom: Symptom) -> Component:
    onset = symptom.onset
    when = f"it was switched at {rfc3339(effect.at)}"
    if onset is None:
        return Component(name="time", contribution=0.0, reason=when)
    if after(effect.at, onset, symptom.tolerance):
        return Component(name="time", contribution=weights.AFTER_ONSET, reason=f"{when}, after the onset")
    if later := _after_first_error(effect, symptom, when):
        return later
    gap = onset - effect.at
    weight = weights.SWITCHED if gap <= AT_ONCE else weights.SWITCHED_OLD if gap <= FRESH else 0.0
    reason = f"{when}, {_side(effect.at, onset)}; a switch works at once"
    return Component(name="time", contribution=weight + _close(effect, symptom, onset), reason=reason)
