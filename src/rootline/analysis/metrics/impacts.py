"""What a change costs in seconds and failures, so that services can be compared along a call."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rootline.analysis.metrics.ceilings import is_success
from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.harm import is_down, is_own
from rootline.analysis.metrics.units import TO_SECONDS, is_up, words
from rootline.analysis.metrics.views import view_of

_LEAST_EFFECT = 2.0
_PERCENTILE = re.compile(r"q?p?0?\.?(\d{2})\d?")


@dataclass(frozen=True, kw_only=True)
class Impact:
    """What one service's change costs per interval of its traffic metric.

    `amount` is extra seconds (duration) or extra failures (errors), `normal` the seconds or requests of the
    normal state, `effect` how many spreads the change is.
    """

    amount: float = 0.0
    normal: float = 0.0
    effect: float = 0.0


def duration_impact(findings: Sequence[MetricFinding]) -> Impact:
    """The extra seconds that callers wait, from the most mean-like latency of the service itself."""
    known = [f for f in findings if view_of(f.metric) == "duration" and is_own(f.metric) and f.points]
    if not known:
        return Impact()
    likest = min(_rank(finding) for finding in known)
    worst = max((f for f in known if _rank(f) == likest), key=lambda f: (f.current - f.baseline, f.effect))
    scale = traffic(findings) * TO_SECONDS.get(worst.unit, 1.0)
    extra = max(worst.current - worst.baseline, 0.0) if worst.effect >= _LEAST_EFFECT else 0.0
    return Impact(amount=extra * scale, normal=worst.baseline * scale, effect=worst.effect)


def error_impact(findings: Sequence[MetricFinding]) -> Impact:
    """The extra failures, from shares of success or failure times traffic, or from counts of failures.

    What was down and is up again fails nothing more.
    """
    known = [f for f in findings if view_of(f.metric) == "errors" and is_own(f.metric) and f.points]
    known = [f for f in known if not is_up(f.metric) or is_down(f)]
    found = [_failures(f, traffic(findings)) for f in known]
    return max(found, key=lambda impact: (impact.amount, impact.effect), default=Impact())


def traffic(findings: Sequence[MetricFinding]) -> float:
    """Requests per interval now; 1 where nothing counts them."""
    counts = [f for f in findings if view_of(f.metric) == "rate" and is_own(f.metric) and f.points]
    return max((f.current for f in counts), default=1.0)


def _failures(finding: MetricFinding, requests: float) -> Impact:
    success = is_success(finding.metric)
    whole = {"percent": 100.0, "ratio": 1.0}.get(finding.unit, 0.0)
    if success:
        whole = 100.0 if max(finding.baseline, finding.current, finding.peak) > 1 else 1.0
    more = (finding.baseline - finding.current) if success else (finding.current - finding.baseline)
    scale = requests / whole if whole else 1.0
    extra = max(more, 0.0) if abs(finding.effect) >= _LEAST_EFFECT else 0.0
    return Impact(amount=extra * scale, normal=requests, effect=abs(finding.effect))


def _rank(finding: MetricFinding) -> int:
    """0 for a mean, else the percentile: the lower, the more of the calls it speaks for."""
    parts = [*words(finding.metric), *(word for value in finding.labels.values() for word in words(value))]
    percentiles = [int(match[1]) for part in parts if (match := _PERCENTILE.fullmatch(part))]
    return percentiles[0] if percentiles else 0
