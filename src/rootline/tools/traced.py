"""What spans tell over time, as facts that claims can point into."""

from collections.abc import Sequence

from rootline.analysis.metrics.sparkline import sparklines
from rootline.analysis.metrics.steps import steps
from rootline.analysis.traces.onset import Traced
from rootline.domain.fact import SeriesFact
from rootline.domain.window import Window
from rootline.tools.series_fact import series_fact, subject_of
from rootline.tools.wording import clock, cut, number

MOST = 60
"""Source: ours; twenty services, three series each."""
_VERBS = {"up": "rose", "down": "fell"}


def series_facts(found: Sequence[Traced], window: Window) -> tuple[SeriesFact, ...]:
    """Return the strongest of the series as facts, in their order."""
    shown = found[:MOST]
    moved = steps(tuple(one.series for one in shown), window)
    drawn = sparklines([one.series.values for one in shown])
    return tuple(_fact(one, step, row) for one, step, row in zip(shown, moved, drawn, strict=True))


def _fact(one: Traced, step: float, drawn: str) -> SeriesFact:
    found = one.finding
    subject = subject_of(found.service, found.metric, found.labels)
    return series_fact(subject, found, one.series, step=step, drawn=drawn, since=one.since)


def line(fact: SeriesFact) -> str:
    """Tell in one line how a series moved, and between which moments that began."""
    levels = f"{number(fact.baseline)}→{number(fact.current)} {fact.unit}"
    began = f"between {clock(fact.since)} and {clock(fact.onset)}" if fact.since else f"at {clock(fact.onset)}"
    until = f" until {clock(fact.ended)}" if fact.ended else ""
    return f"{cut(fact.subject, 120)} {_VERBS.get(fact.direction, 'broke')} {levels}, beginning {began}{until}"
