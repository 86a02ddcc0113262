"""A suite as one HTML file that needs nothing else."""

from collections.abc import Sequence
from html import escape

from rootline.evals.suite import Line, Prediction, Score, ScoreFile, Verdict

_STYLE = """
:root { color-scheme: light dark; } body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto;
padding: 0 1rem; } table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; } th, td { text-align: left;
padding: .3rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; } .bar { fill: #3b82f6; } .span { stroke:
#888; stroke-width: 2; } .wrong { color: #c2410c; } .right { color: #15803d; } caption { text-align: left;
font-weight: 600; padding: .5rem 0; }
"""


def html_report(scores: ScoreFile, predictions: Sequence[Line], verdicts: Sequence[Verdict]) -> str:
    """Write scores with intervals as bars, baselines, and every case."""
    body = [_scores(scores), _others(scores), _cases(predictions, verdicts)]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(scores.suite)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(scores.suite)}</h1><p>{scores.cases} cases, commit "
        f"{escape(scores.commit[:12] or 'unknown')}</p>{''.join(body)}</html>\n"
    )


def _scores(scores: ScoreFile) -> str:
    rows = "".join(_score(name, one) for name, one in scores.scores.items())
    moved = "".join(_score(f"{name}, now minus before", one) for name, one in (scores.compared or {}).items())
    extra = "".join(
        f"<tr><th scope=row>{escape(name)}<td>{value:.3f}<td><td>" for name, value in scores.calibration.items()
    )
    return f"<table><caption>Scores and calibration</caption>{rows}{moved}{extra}</table>"


def _score(name: str, one: Score) -> str:
    return (
        f"<tr><th scope=row>{escape(name)}<td>{one.value:.3f}<td>{one.low:.3f}–{one.high:.3f}<td>"
        f"{_bar(one.value, one.low, one.high)}"
    )


def _bar(value: float, low: float, high: float) -> str:
    shown = [min(max(number, 0.0), 1.0) * 200 for number in (value, low, high)]
    return (
        f'<svg width="204" height="14" role="img" aria-label="{value:.2f}"><rect class="bar" y="2" height="10" '
        f'width="{shown[0]:.0f}"/><line class="span" x1="{shown[1]:.0f}" x2="{shown[2]:.0f}" y1="7" y2="7"/></svg>'
    )


def _others(scores: ScoreFile) -> str:
    rows = "".join(
        f"<tr><th scope=row>{escape(name)}<td>"
        + escape(", ".join(f"{what} {value:.3g}" for what, value in found.items()))
        for name, found in scores.baselines.items()
    )
    return f"<table><caption>Others on this suite</caption>{rows}</table>"


def _cases(predictions: Sequence[Line], verdicts: Sequence[Verdict]) -> str:
    judged = {one.case: one for one in verdicts}
    rows = "".join(_case(one, judged.get(one.case)) for one in predictions)
    head = "<tr><th>case<th>first answer<th>confidence<th>numbers<th>CPU s"
    return f"<table><caption>Cases</caption>{head}{rows}</table>"


def _case(one: Line, verdict: Verdict | None) -> str:
    told, sure = _first(one)
    style = "" if verdict is None else ("right" if verdict.right else "wrong")
    numbers = ", ".join(f"{name} {value:.3g}" for name, value in verdict.numbers.items()) if verdict else ""
    cells = (escape(one.case), f"<span class={style}>{escape(told)}</span>", sure, escape(numbers), f"{one.cpu_s:.2f}")
    return "<tr>" + "".join(f"<td>{cell}" for cell in cells)


def _first(one: Line) -> tuple[str, str]:
    if not isinstance(one, Prediction):
        return "", ""
    if not one.ranked:
        return "abstained", ""
    first = one.ranked[0]
    parts = (first.object, first.service, first.cause, first.commit)
    return " ".join(part for part in parts if part) or "abstained", f"{first.confidence:.2f}"
