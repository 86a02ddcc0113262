"""When what a service keeps for others was gone: a process that is started anew remembers nothing."""

from collections.abc import Sequence

from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.units import words
from rootline.changes.symptom import Emptied

# Source: the names in Micrometer, Caffeine and the exporters of Redis and memcached for how much is kept.
_KEEPERS = frozenset(["cache", "cached", "caches", "redis", "memcached", "valkey"])
_KEPT = frozenset(["entries", "items", "keys", "objects", "size"])
GONE = 0.5
"""Source: ours; what expires and is fetched again comes and goes by less than half of it."""


def emptied(findings: Sequence[MetricFinding]) -> tuple[Emptied, ...]:
    """Return the services of which half of what they keep, or more, was gone at once, the first to lose it first."""
    found = [
        Emptied(
            service=one.service,
            at=one.onset,
            told=f"{one.metric} of {one.service} fell from {one.baseline:.3g} to {one.peak:.3g}",
        )
        for one in findings
        if one.onset is not None and one.kind == "drop" and _tells_of_kept(one) and one.peak <= GONE * one.baseline
    ]
    return tuple(sorted(found, key=lambda one: (one.at, one.service, one.told)))


def _tells_of_kept(finding: MetricFinding) -> bool:
    named = set(words(finding.metric))
    return not finding.as_rate and bool(named & _KEEPERS) and bool(named & _KEPT)
