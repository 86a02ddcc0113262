"""How much a service asks of others for what is asked of it, against what was usual."""

import re
from collections.abc import Iterable, Mapping

from rootline.analysis.metrics.harm import is_own
from rootline.analysis.metrics.units import words
from rootline.analysis.metrics.views import view_of
from rootline.domain.fact import SeriesFact

LEAST = 1.0
"""Source: ours, in requests a second; of fewer, a ratio of two rates tells hardly anything."""
# Source: the names of HTTP, gRPC and RPC clients and servers in OpenTelemetry, Prometheus and Istio.
_REQUESTS = re.compile(r"(requests?|calls|rpcs?|queries)(_total)?(_per_(second|s|sec))?$|\b[rq]ps\b", re.IGNORECASE)
_OTHERWISE = frozenset(
    ["error", "errors", "failed", "failures", "active", "inflight", "queued", "waiting", "duration", "retries", "bytes"]
)


def outgoing(series: Iterable[SeriesFact]) -> Mapping[str, float]:
    """Return by service how many times as many calls go out for each that comes in; only where both are counted."""
    known = [fact for fact in series if _counts(fact)]
    out = _grown(fact for fact in known if not is_own(fact.metric))
    come = _grown(fact for fact in known if is_own(fact.metric))
    return {name: out[name] / come[name] for name in out if name in come}


def arriving(series: Iterable[SeriesFact]) -> float:
    """Return how many times as much as before arrives at a service, by the one of its counts that grew most."""
    return max(_grown(fact for fact in series if _counts(fact) and is_own(fact.metric)).values(), default=1.0)


def _counts(fact: SeriesFact) -> bool:
    """Whether a series counts whole requests, as a rate."""
    is_rate = view_of(fact.metric) == "rate" and bool(_REQUESTS.search(fact.metric[:200]))
    return is_rate and not _OTHERWISE.intersection(words(fact.metric))


def _grown(facts: Iterable[SeriesFact]) -> dict[str, float]:
    """The largest growth by service, of rates that are worth a ratio."""
    found: dict[str, float] = {}
    for fact in facts:
        before, now = fact.baseline, fact.current
        if before is not None and now is not None and min(before, now) >= LEAST:
            found[fact.service] = max(found.get(fact.service, 0.0), now / before)
    return found
