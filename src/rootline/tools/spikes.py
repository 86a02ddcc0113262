"""The spikes of series, as facts and as short text."""

from collections.abc import Sequence
from datetime import UTC, datetime

from rootline.analysis.metrics.spike_spans import Detector, SpikeSpan, spike_spans
from rootline.domain.fact import SeriesFact, Spike
from rootline.domain.signal import Series
from rootline.domain.window import Window
from rootline.tools.wording import clock, number

_SHOWN = 5


def with_spikes(fact: SeriesFact, series: Series, window: Window, detector: Detector) -> SeriesFact:
    """Add to a series what a detector sees in it inside the window."""
    return fact.model_copy(update={"spikes": [_spike(one, detector) for one in spike_spans(series, window, detector)]})


def spikes_text(facts: Sequence[SeriesFact], shown: int, detector: Detector) -> list[str]:
    """Write a line for each of the first `shown` series that has spikes; one that says so where none has."""
    told = [f"[{at}] {_told(one.spikes)}" for at, one in enumerate(facts[:shown]) if one.spikes]
    return [f"spikes by {detector}:", *told] if told else [f"no spikes by {detector}"]


def _spike(found: SpikeSpan, detector: Detector) -> Spike:
    first, last = (datetime.fromtimestamp(at, UTC) for at in (found.first, found.last))
    return Spike(
        by=detector, seen_at=found.seen_at, first=first, last=last, samples=found.samples, furthest=found.furthest
    )


def _told(spikes: Sequence[Spike]) -> str:
    more = f"; {len(spikes) - _SHOWN} more" if len(spikes) > _SHOWN else ""
    return "; ".join(map(_span, spikes[:_SHOWN])) + more


def _span(spike: Spike) -> str:
    until = f"–{clock(spike.last)}" if spike.last > spike.first else ""
    at = "" if spike.seen_at == "samples" else f"at {spike.seen_at} "
    return f"{at}{clock(spike.first)}{until} to {number(spike.furthest)}"
