"""Whether something other than a change explains the symptom."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from rootline.analysis.joining.calibration import sigmoid
from rootline.changes.evidence.ageing import NAME as AGEING
from rootline.changes.evidence.down import NAME as DOWN
from rootline.changes.evidence.emptying import NAME as EMPTIED
from rootline.changes.evidence.everywhere import NAME as EVERYWHERE
from rootline.changes.evidence.parting import NAME as PARTS
from rootline.changes.judging import Judged
from rootline.changes.outside.demand import SWELL_RATIO, demand
from rootline.changes.outside.doubt import doubt, spread
from rootline.changes.outside.measured import MEASURED, is_refuted, measured
from rootline.changes.outside.outside import EXPLAINS, OUTSIDE
from rootline.changes.outside.tried import OLDER, tried
from rootline.changes.symptom import Symptom
from rootline.changes.timing import after
from rootline.changes.verdict import NoneReason
from rootline.changes.words.tokens import terms
from rootline.domain.change import ChangeSet, StatusEntry
from rootline.domain.hypothesis import Remediation

DEGRADED = re.compile(
    r"outage|degraded|impaired|major|critical|partial|down|incident|investigating|identified"
    r"|elevated|unavailable",
    re.IGNORECASE,
)
AROUND = timedelta(hours=2)
LONG = 4
"""Source: ours; shorter names stand in any text."""


STATUS_NAMED, STATUS_ONLY = 3.5, 1.2
DEMAND, REFUTED = "demand", 0.2
NOTHING_BEFORE, SCATTERED = 2.5, 1.5
_AT_THE_DOOR = frozenset(
    [
        "protocol or ciphers narrowed",
        "requests refused by a rule",
        "access check changed",
        "change to authentication",
        "change to TLS",
        "change to isolation of tenants",
    ]
)
PASSES_BY: dict[str, frozenset[str]] = {"certificate expired": _AT_THE_DOOR, "secret or licence expired": _AT_THE_DOOR}
"""What shares a family with a cause and cannot bring it about: no protocol and no way to log in ends a validity."""
OUTRIGHT = frozenset(["certificate expired", "secret or licence expired", "node failure"])
SHOWN = frozenset(["disk full", "clock drift"])
UNABLE, LEAST_OUTRIGHT = 0.4, 2.0
"""Source: ours; a change that does much does not make the kernel report a broken disk, a validity end, or, where an
instrument shows it, a volume run full or a clock go wrong."""
NO_OTHER = re.compile(
    r"\bno (second(ary)?|other|alternat(iv)?e|fallback|backup|standby|redundant|spare|failover)\b"
    r"|\b(only|single|sole) (provider|vendor|supplier|carrier|region|route)\b|without (a )?(fallback|failover|second)"
    r"|(fallback|failover|secondary) (is )?(disabled|missing|not (set|configured|available))",
    re.IGNORECASE,
)
BIAS, UNEXPLAINED, PER_MECHANISM, PER_OTHER = 1.0, -0.7, 1.0, 0.3
NO_CANDIDATE, RIVAL, RIVALLED = 4.0, 0.65, 0.45
BROAD, RIVAL_BROAD = frozenset({"provider failure"}), 0.4
NAMES, UNNAMED = 1.0, 0.6
"""Source: ours; who can name no cause outside of all changes is not sure of one while a change ran before the onset."""
BESIDE_NAMED = ("mechanism", "named", "stack", "says", "jumps")
REFUTING, COMES_UPON = ("served well", "failed before it"), frozenset(["named", "stack", "says"])
MECHANISMS = (*BESIDE_NAMED, PARTS, DOWN, AGEING, EVERYWHERE, EMPTIED)


def none_reasons(symptom: Symptom, changes: ChangeSet) -> tuple[tuple[NoneReason, ...], Remediation]:
    """What outside of all changes could explain the symptom, heaviest first, and what would then be done."""
    shown = [*measured(symptom)]
    named = {reason.name for reason, _ in shown}
    told = [(reason, remedy) for reason, remedy in _texts(symptom) if reason.name not in named]
    others = [*told, *_statuses(symptom, changes), *demand(symptom), *_scattered(symptom), *_nothing(symptom, changes)]
    found = [(replace(reason, families=EXPLAINS.get(reason.name, ())), remedy) for reason, remedy in others]
    found += shown
    found += tried(symptom)
    found.sort(key=lambda one: (-one[0].weight, one[0].name))
    fixes = [fix for reason, fix in found if reason.name != OLDER]
    fix = fixes[0] if fixes else "escalate-upstream"
    return tuple(reason for reason, _ in found), (
        "escalate-upstream" if fix == "failover" and _no_other(symptom) else fix
    )


def _no_other(symptom: Symptom) -> bool:
    """Whether it is told that there is nobody to fail over to."""
    return any(NO_OTHER.search(text[:600]) for text in symptom.texts[:200])


def _texts(symptom: Symptom) -> Iterator[tuple[NoneReason, Remediation]]:
    rose = (name.rpartition(" of ")[0] or name for name in symptom.rising[:100])
    spoken = (*symptom.nameless[:200], *rose)
    for outside in OUTSIDE:
        quote = next((text[:160] for text in spoken if outside.pattern.search(text[:600])), None)
        if quote is not None:
            weight = outside.weight * (REFUTED if _is_refuted(outside.name, symptom) else 1.0)
            yield NoneReason(name=outside.name, weight=weight, reason=f"an error says so: {quote}"), outside.remedy


def _is_refuted(name: str, symptom: Symptom) -> bool:
    """Whether numbers speak against what the words say: overload without more requests, a drift that no clock shows."""
    is_no_more = symptom.traffic_ratio is not None and symptom.traffic_ratio < SWELL_RATIO
    return (name == DEMAND and is_no_more) or is_refuted(name, symptom)


def _statuses(symptom: Symptom, changes: ChangeSet) -> Iterator[tuple[NoneReason, Remediation]]:
    words = terms(" ".join((*symptom.texts, *symptom.rising)))
    bad = [entry for entry in changes.statuses if _is_bad(entry, symptom)]
    if bad:
        named = [
            entry for entry in bad if any(term in words for term in terms(entry.provider)) or _of_ours(entry, symptom)
        ]
        entry = (named or bad)[0]
        weight = STATUS_NAMED if named else STATUS_ONLY
        yield (
            NoneReason(name="provider status", weight=weight, reason=f"{entry.provider[:80]}: {entry.status[:80]}"),
            "failover",
        )


def _of_ours(entry: StatusEntry, symptom: Symptom) -> bool:
    """Whether a provider speaks of the failing service itself: of the machine or the volume below it."""
    return len(symptom.service) >= LONG and symptom.service.lower() in entry.text[:600].lower()


def _is_bad(entry: StatusEntry, symptom: Symptom) -> bool:
    near = symptom.onset is None or abs(entry.at - symptom.onset) <= AROUND
    return near and bool(DEGRADED.search(f"{entry.status} {entry.text}"[:600]))


def _scattered(symptom: Symptom) -> Iterator[tuple[NoneReason, Remediation]]:
    if symptom.unrelated_at_once:
        told = "services that do not depend on each other failed together"
        yield NoneReason(name="unrelated services at once", weight=SCATTERED, reason=told), "reschedule"


def _nothing(symptom: Symptom, changes: ChangeSet) -> Iterator[tuple[NoneReason, Remediation]]:
    moments = [
        *(one.at for one in changes.deployments),
        *(one.at for one in changes.flags),
        *(one.at for one in changes.configs),
    ]
    if (
        symptom.onset is not None
        and all(after(at, symptom.onset, symptom.tolerance) for at in moments)
        and (moments or not changes.commits)
    ):
        yield (
            NoneReason(
                name="nothing before the onset", weight=NOTHING_BEFORE, reason="no change took effect before the onset"
            ),
            "escalate-upstream",
        )


def none_confidence(judged: Sequence[Judged], reasons: Sequence[NoneReason], *, from_telemetry: bool) -> float:
    """How likely it is that no change is the cause, 0 to 1: reasons outside against the best change's evidence.

    Where telemetry was observed, a mechanism in the best change speaks against none; in prose alone, the words do.
    """
    if not judged:
        return sigmoid(NO_CANDIDATE + sum(reason.weight for reason in reasons[:3]))
    best = judged[0]
    if not from_telemetry:
        return sigmoid(doubt(best.wording, spread([one.score for one in judged])))
    outside = sum(_left(reason, best) for reason in reasons[:3])
    none = sigmoid(_doubt(best, reasons) + (outside if reasons else UNEXPLAINED))
    is_named = any(reason.weight >= NAMES for reason in reasons)
    return none if is_named or not _ran_before(best) else min(none, UNNAMED)


def _ran_before(judged: Judged) -> bool:
    """Whether a change is known to have begun to run before the onset."""
    return any(one.name == "time" and one.contribution > 0 for one in judged.components)


def _barred(reasons: Sequence[NoneReason]) -> frozenset[str]:
    """The mechanisms that cannot have brought about what is said outside of all changes."""
    return frozenset(name for reason in reasons for name in PASSES_BY.get(reason.name, ()))


def _left(reason: NoneReason, best: Judged) -> float:
    """What a reason still weighs when the best change itself does what the reason would explain."""
    least = RIVAL if reason.name not in BROAD else RIVAL_BROAD
    spared = PASSES_BY.get(reason.name, frozenset())
    does = (match for match in best.matches if match.mechanism.name not in spared)
    rivals = (match for match in does if match.family in reason.families and match.weight >= least)
    return reason.weight * RIVALLED if any(rivals) else reason.weight


def _doubt(best: Judged, reasons: Sequence[NoneReason]) -> float:
    barred = _barred(reasons)
    able = [one for one in best.components if one.name.removeprefix("mechanism: ") not in barred]
    score = sum(one.contribution for one in able)
    telling = _telling(reasons)
    does = sum(one.contribution for one in able if one.name.split(":")[0] in telling)
    does = max(0.0, min(does, score)) * (UNABLE if _is_unable(best, reasons, barred) else 1.0)
    return BIAS - PER_MECHANISM * does - PER_OTHER * (score - does)


def _telling(reasons: Sequence[NoneReason]) -> frozenset[str]:
    """What of a change's evidence tells that it did it, where causes outside of all changes are told.

    Where a machine runs full or its clock goes wrong says nothing of who wrote the line that comes upon it.
    """
    if not any(one.weight >= NAMES for one in reasons):
        return frozenset((*MECHANISMS, *REFUTING))
    is_shown = any(one.name in SHOWN and one.weight >= MEASURED for one in reasons)
    return frozenset((*BESIDE_NAMED, *REFUTING)) - (COMES_UPON if is_shown else frozenset())


def _is_unable(best: Judged, reasons: Sequence[NoneReason], barred: frozenset[str]) -> bool:
    """Whether something is said outright that nothing which the change does brings about."""
    done = {one.family for one in best.matches if one.mechanism.name not in barred}
    outright = [one for one in reasons if _is_outright(one)]
    return bool(outright) and all(done.isdisjoint(one.families) for one in outright)


def _is_outright(reason: NoneReason) -> bool:
    least = {**dict.fromkeys(OUTRIGHT, LEAST_OUTRIGHT), **dict.fromkeys(SHOWN, MEASURED)}.get(reason.name)
    return least is not None and reason.weight >= least
