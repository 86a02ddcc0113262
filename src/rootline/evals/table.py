"""The scores as a table beside what others reach."""

from rootline.evals.suite import ScoreFile


def table(scores: ScoreFile) -> str:
    """Lay out scores, calibration, kinds and baselines in columns of plain text."""
    rows = [f"{scores.suite}: {scores.cases} cases", ""]
    rows += [f"  {name:<16}{one.value:>7.3f}   {one.low:.3f}–{one.high:.3f}" for name, one in scores.scores.items()]
    rows += ["", "calibration", *(f"  {name:<16}{value:>7.3f}" for name, value in scores.calibration.items())]
    rows += ["", "by kind"]
    rows += [f"  {kind:<36}{found['exact']:>6.2f}  of {found['cases']:.0f}" for kind, found in scores.by_kind.items()]
    rows += ["", "others"]
    rows += [
        f"  {name:<46}" + "  ".join(f"{what} {value:g}" for what, value in found.items())
        for name, found in scores.baselines.items()
    ]
    return "\n".join(rows)
