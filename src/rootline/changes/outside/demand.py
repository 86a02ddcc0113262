"""Whether more was asked of a service than before, and whether it bore it."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from rootline.analysis.metrics.views import view_of
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import NoneReason
from rootline.domain.hypothesis import Remediation

SURGE, SWELL = 2.5, 1.2
SURGE_RATIO, SWELL_RATIO = 2.0, 1.5
BORNE = 0.3
"""Source: ours; what much is asked of becomes slow, full or queued before it fails."""
REQUESTS = re.compile(
    r"requests?_per|request_rate|requests?_total|\brps\b|\bqps\b|_rps\b|_qps\b|throughput", re.IGNORECASE
)
BEFORE, AHEAD, TWICE = 0.5, timedelta(minutes=5), 2.0
"""Source: ours; what was there before the demand was not made by it, though demand may show it."""
# Source: the views in the sense of the USE and RED methods, and the words of servers that have too much to do.
STRAINS = frozenset(["duration", "saturation", "utilisation"])
TOO_MUCH = re.compile(
    r"overload|shed|saturat|queue|backlog|tim(ed|e)[ -]?out|too many|capacity|unavailable|\b429\b|rate.?(limit|per)"
    r"|deadline|\bpool\b|slow|latency|p9\d|exhaust|throttl|surge|pending|out of memory|\boom|scal(e|ing)|replicas",
    re.IGNORECASE,
)


def demand(symptom: Symptom) -> Iterator[tuple[NoneReason, Remediation]]:
    """Yield that more was asked, as far as the service shows that it was too much."""
    ratio = symptom.traffic_ratio
    told = f"requests are at {ratio:.1f} times the usual rate" if ratio else "the service's own request rate rose"
    if not (ratio is None and _requests_rose(symptom)) and not (ratio is not None and ratio >= SWELL_RATIO):
        return
    weight = SURGE if ratio is not None and ratio >= SURGE_RATIO else SWELL
    if is_borne(symptom):
        weight, told = weight * BORNE, f"{told}, but nothing became slow or full"
    elif earlier := strained_before(symptom):
        weight, told = weight * BEFORE, f"{told}, but {earlier} had risen before"
    yield NoneReason(name="traffic surge", weight=weight, reason=told), "scale"


def is_borne(symptom: Symptom) -> bool:
    """Whether instruments of strain were read, none of them rose, and no error speaks of too much."""
    if any(TOO_MUCH.search(text[:600]) for text in symptom.texts[:200]) or _strains(symptom.rising):
        return False
    return _strains((*symptom.steady, *symptom.falling))


def strained_before(symptom: Symptom) -> str:
    """Return what had become slow, full or failing, and stayed so, before more was asked of the failing service."""
    own = [one for one in symptom.jumps if symptom.is_of(one.service)]
    asked = [one.at for one in own if view_of(one.metric) == "rate" and one.after > one.before]
    began = min(asked, default=symptom.onset)
    if began is None:
        return ""
    hurt = (one for one in own if view_of(one.metric) in STRAINS | {"errors"} and one.after > TWICE * one.before)
    return next((one.metric[:120] for one in hurt if one.at < began - AHEAD), "")


def _strains(moved: Iterable[str]) -> bool:
    return any(view_of(one.partition(" of ")[0][:200]) in STRAINS for one in moved)


def _requests_rose(symptom: Symptom) -> bool:
    own = (name for name in symptom.rising[:200] if not symptom.service or name.endswith(f" of {symptom.service}"))
    return any(REQUESTS.search(name.partition(" of ")[0]) for name in own)
