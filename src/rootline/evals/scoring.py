"""From verdicts to the scores file."""

import subprocess
from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import isnan
from pathlib import Path

from rootline.evals.calibration import calibration
from rootline.evals.intervals import bootstrap
from rootline.evals.suite import Measure, ScoreFile, Verdict

MOST_SYSTEMS = 40


def scored(
    suite: str,
    verdicts: Sequence[Verdict],
    measures: Mapping[str, Measure],
    baselines: Mapping[str, Mapping[str, float]],
    *,
    calibrated: bool,
) -> ScoreFile:
    """Score verdicts, whole and by kind and system; at least one is needed."""
    return ScoreFile(
        suite=suite,
        cases=len(verdicts),
        scores={name: bootstrap(verdicts, measure) for name, measure in measures.items()},
        by_kind=_splits(verdicts, measures),
        baselines=baselines,
        commit=commit(),
        calibration=calibration(verdicts) if calibrated else {},
    )


def _splits(verdicts: Sequence[Verdict], measures: Mapping[str, Measure]) -> Mapping[str, Mapping[str, float]]:
    """Split by kind, and by system where there are several; a system's split says so in its name."""
    found: dict[str, list[Verdict]] = defaultdict(list)
    for one in sorted(verdicts, key=lambda verdict: verdict.kind):
        found[one.kind].append(one)
    systems = sorted({one.system for one in verdicts} - {""})
    if 1 < len(systems) <= MOST_SYSTEMS:
        found |= {f"system {system}": [one for one in verdicts if one.system == system] for system in systems}
    return {name: _split(members, measures) for name, members in found.items()}


def _split(members: Sequence[Verdict], measures: Mapping[str, Measure]) -> Mapping[str, float]:
    found = {name: measure(members) for name, measure in measures.items()}
    told = {name: round(value, 4) for name, value in found.items() if not isnan(value)}
    return {"cases": float(len(members)), **told}


def commit() -> str:
    """Return the commit of the checkout that this code runs from, empty outside of one."""
    asked = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
    try:
        return subprocess.run(asked, capture_output=True, text=True, check=True, timeout=5).stdout.strip()  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
