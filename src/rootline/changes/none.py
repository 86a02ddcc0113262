"""Whether something other than a change explains the symptom."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from rootline.changes.symptom import Symptom
from rootline.changes.timing import after
from rootline.changes.tokens import terms
from rootline.changes.verdict import NoneReason, Remedy
from rootline.domain.change import ChangeSet, StatusEntry

DEGRADED = re.compile(
    r"outage|degraded|major|critical|partial|down|incident|investigating|identified|elevated|unavailable", re.IGNORECASE
)
AROUND = timedelta(hours=2)


@dataclass(frozen=True)
class Outside:
    """A cause outside of all changes: how its texts read, how much it counts, and what fixes it."""

    name: str
    pattern: re.Pattern[str]
    weight: float
    remedy: Remedy


def _outside(name: str, words: str, weight: float, remedy: Remedy) -> Outside:
    return Outside(name, re.compile(words, re.IGNORECASE), weight, remedy)


# Source: error texts of OpenSSL, Go's crypto/x509, the kubelet, cloud interruption notices, Kafka clients and NTP.
OUTSIDE: tuple[Outside, ...] = (
    _outside("certificate expired", r"certificate (has |is )?expired|cert(ificate)?.{0,30}expir|expired cert|not_after|notAfter|x509: .{0,60}expired", 3.0, "rotate-cert"),
    _outside("secret or licence expired", r"(licen[cs]e|api key|secret|credential|password).{0,20}(has )?expired", 2.0, "rotate-cert"),
    _outside("node failure", r"node.{0,40}(not ?ready|lost|unreachable|down|drain|terminat|pressure)|NodeNotReady|kernel (panic|bug)|hardware|spot (interrupt|terminat)|preempt"
             r"|availability zone|\baz\b.{0,20}(down|fail|outage|unavailable)|(host|machine|instance) (down|failure|unreachable|terminated)|disk ?pressure|memory ?pressure", 2.5, "reschedule"),
    _outside("poison message or bad data", r"poison|same offset|redeliver|malformed (message|record|payload|event|row)|corrupt|bad (record|row|data|message|payload)|invalid (record|row|utf)"
             r"|cannot deserialize|deseriali[sz]ation (error|failed)|stuck (at|on) (offset|partition)", 1.5, "purge-bad-data"),
    _outside("provider failure", r"https?://[\w.-]+\.(com|io|net|org|cloud|dev)\b.{0,80}(50\d|429|timed? ?out|deadline|unavailable|refused|reset)"
             r"|(provider|third.?party|vendor|upstream api).{0,40}(50\d|error|outage|down|unavailable|degraded)|upstream_provider|amazonaws\.com.{0,60}(50\d|throttl|slow ?down)", 2.2, "failover"),
    _outside("clock drift", r"clock (skew|drift)|time drift|\bntp\b|clock.{0,20}(ahead|behind)|token used before issued", 1.2, "reschedule"),
    _outside("disk full", r"no space left|enospc|disk.{0,12}(full|9\d ?%|100 ?%)", 1.0, "scale"),
    _outside("primary lost", r"(primary|master|leader).{0,30}(failover|lost|down|unreachable|election)|replication lag|read.?only transaction|no leader", 1.0, "failover"),
    _outside("network outage", r"packet loss|no route to host|network is unreachable|bgp|link down", 1.2, "failover"),
    _outside("name resolution down", r"servfail|coredns|name resolution|no such host|nxdomain", 0.6, "escalate-upstream"),
    _outside("demand", r"surge|flash sale|traffic spike|shed(ding)? load|overload|elevated request volume|bot traffic|ddos|crawler|scrap(er|ing)|campaign", 1.5, "scale"),
)  # fmt: skip

BIAS = -2.0
BEST = -0.9
NOTHING_BEFORE = 2.5
STATUS_NAMED, STATUS_ONLY = 3.5, 1.2
SURGE, SWELL = 2.5, 1.0
SCATTERED = 1.5


def none_reasons(symptom: Symptom, changes: ChangeSet) -> tuple[tuple[NoneReason, ...], Remedy]:
    """What outside of all changes could explain the symptom, heaviest first, and what would then be done."""
    found = [*_texts(symptom), *_statuses(symptom, changes), *_demand(symptom), *_nothing(symptom, changes)]
    found.sort(key=lambda one: (-one[0].weight, one[0].name))
    return tuple(reason for reason, _ in found), (found[0][1] if found else "escalate-upstream")


def _texts(symptom: Symptom) -> Iterator[tuple[NoneReason, Remedy]]:
    for outside in OUTSIDE:
        quote = next((text[:160] for text in symptom.texts[:200] if outside.pattern.search(text[:600])), None)
        if quote is not None:
            yield (
                NoneReason(name=outside.name, weight=outside.weight, reason=f"an error says so: {quote}"),
                outside.remedy,
            )


def _statuses(symptom: Symptom, changes: ChangeSet) -> Iterator[tuple[NoneReason, Remedy]]:
    words = terms(" ".join((*symptom.texts, *symptom.rising)))
    bad = [entry for entry in changes.statuses if _is_bad(entry, symptom)]
    if bad:
        named = [entry for entry in bad if any(term in words for term in terms(entry.provider))]
        entry = (named or bad)[0]
        weight = STATUS_NAMED if named else STATUS_ONLY
        yield (
            NoneReason(name="provider status", weight=weight, reason=f"{entry.provider[:80]}: {entry.status[:80]}"),
            "failover",
        )


def _is_bad(entry: StatusEntry, symptom: Symptom) -> bool:
    near = symptom.onset is None or abs(entry.at - symptom.onset) <= AROUND
    return near and bool(DEGRADED.search(f"{entry.status} {entry.text}"[:600]))


def _demand(symptom: Symptom) -> Iterator[tuple[NoneReason, Remedy]]:
    ratio = symptom.traffic_ratio
    if ratio is not None and ratio >= 1.5:
        weight = SURGE if ratio >= 2.0 else SWELL
        yield (
            NoneReason(name="traffic surge", weight=weight, reason=f"requests are at {ratio:.1f} times the usual rate"),
            "scale",
        )
    if symptom.unrelated_at_once:
        yield (
            NoneReason(
                name="unrelated services at once",
                weight=SCATTERED,
                reason="services that do not depend on each other failed together",
            ),
            "reschedule",
        )


def _nothing(symptom: Symptom, changes: ChangeSet) -> Iterator[tuple[NoneReason, Remedy]]:
    moments = [
        *(one.at for one in changes.deployments),
        *(one.at for one in changes.flags),
        *(one.at for one in changes.configs),
    ]
    if (
        symptom.onset is not None
        and all(after(at, symptom.onset) for at in moments)
        and (moments or not changes.commits)
    ):
        yield (
            NoneReason(
                name="nothing before the onset", weight=NOTHING_BEFORE, reason="no change took effect before the onset"
            ),
            "escalate-upstream",
        )


def none_confidence(scores: Sequence[float], reasons: Sequence[NoneReason]) -> float:
    """How likely it is that no change is the cause, 0 to 1: reasons outside against the best change's own evidence."""
    best = max(scores, default=-10.0)
    logit = BIAS + sum(reason.weight for reason in reasons[:3]) + BEST * (best - 5.0)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))
