"""A series as a small picture: its points, its gaps, and the onset and levels that a claim speaks of."""

from collections.abc import Sequence

from rootline.claims.moments import span
from rootline.claims.quantity import quantity
from rootline.domain.evidence import Evidence
from rootline.domain.fact import SeriesFact
from rootline.domain.levels import levels
from rootline.reports.escape import html_text
from rootline.store.journal import Record

WIDTH, HEIGHT, EDGE = 640, 160, 24
_MOST_POINTS = 2000
_MOST_FIGURES = 6


def figures(record: Record) -> dict[str, str]:
    """Draw the series that verified claims of the answer cite, at most six, by `E1/facts/3`, in the order of citing."""
    answer = record.answer
    hypotheses = answer.hypotheses if answer else ()
    checked = [one for two in hypotheses for one in (*two.support, *two.against)] + list(
        answer.claims if answer else ()
    )
    subjects = dict.fromkeys(
        (place.evidence, one.claim.subject) for one in checked if one.is_fact for place in one.claim.selectors
    )
    drawn = {
        f"{evidence.label}/facts/{index}": figure(fact, evidence)
        for label, subject in subjects
        for evidence in record.evidence
        for index, fact in enumerate(evidence.reading.facts)
        if evidence.label == label and isinstance(fact, SeriesFact) and fact.subject == subject and fact.points
    }
    return dict(list(drawn.items())[:_MOST_FIGURES])


def figure(fact: SeriesFact, evidence: Evidence) -> str:
    """Draw one series as SVG with a text alternative. The same fact gives the same picture."""
    points = [(at, value) for at, value in fact.points[:_MOST_POINTS] if value is not None]
    if not points:
        return ""
    frame = _Frame(points)
    least, most = quantity(frame.least, fact.unit), quantity(frame.most, fact.unit)
    said = f"{fact.subject}, {span(evidence.window)}: {least} to {most}"
    onset = fact.onset.timestamp() if fact.onset else None
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-size="11">',
        f"<title>{html_text(said)}</title>",
        f'<text x="{EDGE}" y="14">{html_text(said, 90)}</text>',
        *(f'<polyline fill="none" stroke="currentColor" points="{run}"/>' for run in _runs(fact, frame)),
        *_level_lines(fact, frame),
        *(
            [f'<path d="M{frame.x(onset)} {EDGE}V{HEIGHT - EDGE}" stroke="#c00" stroke-dasharray="4 3"/>']
            if onset
            else []
        ),
        "</svg>",
    ]
    return "".join(parts)


class _Frame:
    """Where a moment and a value stand in the picture, in tenths of a unit."""

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        self.first, self.last = points[0][0], points[-1][0]
        self.least, self.most = min(value for _, value in points), max(value for _, value in points)

    def x(self, at: float) -> float:
        """The place of a moment from the left, inside the edges."""
        share = (at - self.first) / ((self.last - self.first) or 1.0)
        return round(EDGE + min(max(share, 0.0), 1.0) * (WIDTH - 2 * EDGE), 1)

    def y(self, value: float) -> float:
        """The place of a value from the top, the largest highest."""
        share = (value - self.least) / ((self.most - self.least) or 1.0)
        return round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE), 1)


def _runs(fact: SeriesFact, frame: _Frame) -> list[str]:
    """The points of each stretch without a gap."""
    runs: list[list[str]] = [[]]
    for at, value in fact.points[:_MOST_POINTS]:
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{frame.x(at)},{frame.y(value)}")
    return [" ".join(run) for run in runs if run]


def _level_lines(fact: SeriesFact, frame: _Frame) -> list[str]:
    found = levels(fact)
    if found is None or fact.onset is None:
        return []
    middle = frame.x(fact.onset.timestamp())
    sides = ((found.before.middle, EDGE, middle), (found.after.middle, middle, WIDTH - EDGE))
    return [f'<path d="M{left} {frame.y(level)}H{right}" stroke="#06c" opacity="0.6"/>' for level, left, right in sides]
