"""The scores as a table beside what others reach."""

from collections.abc import Mapping

from rootline.evals.suite import Score, ScoreFile

MOST_KINDS = 60


def table(scores: ScoreFile) -> str:
    """Lay out scores, calibration, kinds and baselines in columns of plain text."""
    rows = [f"{scores.suite}: {scores.cases} cases", "", *(_row(name, one) for name, one in scores.scores.items())]
    if scores.compared:
        rows += ["", "now minus before", *(_row(name, one) for name, one in scores.compared.items())]
    if scores.calibration:
        rows += ["", "calibration", *(f"  {name:<24}{value:>8.3f}" for name, value in scores.calibration.items())]
    if scores.by_kind:
        rows += ["", "by kind"]
    rows += [_kind(kind, found) for kind, found in list(scores.by_kind.items())[:MOST_KINDS]]
    if scores.baselines:
        rows += ["", "others"]
    rows += [
        f"  {name:<46}" + "  ".join(f"{what} {value:.3g}" for what, value in found.items())
        for name, found in scores.baselines.items()
    ]
    return "\n".join(rows)


def _row(name: str, one: Score) -> str:
    return f"  {name:<24}{one.value:>8.3f}   {one.low:.3f}–{one.high:.3f}"


def _kind(kind: str, found: Mapping[str, float]) -> str:
    """Show the first score that the kind has."""
    name, value = next(((name, value) for name, value in found.items() if name != "cases"), ("", 0.0))
    return f"  {kind:<36}{name} {value:>6.2f}  of {found['cases']:.0f}"
