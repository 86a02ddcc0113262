"""Whether a series' labelled windows are alerted on early, and little else: NAB's standard profile."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rootline.analysis.metrics.alarms import first_of_each
from rootline.analysis.metrics.density import kde
from rootline.analysis.metrics.spikes import DEFAULT, robust_spikes
from rootline.analysis.metrics.stl import stl_esd
from rootline.domain.moment import read_seconds
from rootline.domain.signal import Floats, Series
from rootline.errors import BadTape, Misconfigured
from rootline.evals.points import Points, points, read_samples
from rootline.evals.rivals.three_sigma import SIGMAS, three_sigma
from rootline.evals.scorers.nab import NabScore, score_series, total
from rootline.evals.suite import Case, Measure, Solver, Verdict
from rootline.tapes.importers.json_files import read_json

_DATA, _WINDOWS, _PUBLISHED = "data", "labels/combined_windows.json", "published_final_results.json"


@dataclass(frozen=True)
class Nab:
    """The suite `nab`: pages of the shipped detector, its threshold fixed beforehand."""

    name: str = "nab"
    line: type[Points] = Points
    calibrated: bool = False

    def cases(self, data: Path) -> Sequence[Case]:
        """Return every series below `data/`, by its group and file as the labels call it."""
        files = sorted((data / _DATA).rglob("*.csv"))
        return [Case(name=file.relative_to(data / _DATA).as_posix(), place=data) for file in files]

    async def predict(self, case: Case, *, alias: str, solve: Solver, rename: int | None) -> Points:  # noqa: ARG002 numbers have no names
        """Score and page every sample, looking only at those before it."""
        if rename is not None:
            raise Misconfigured("nab has no names.")
        began = time.process_time()
        samples = read_samples(case.place / _DATA / case.name, time="timestamp", value="value")
        found = robust_spikes(samples.series)
        told = points(samples, found, found.pages.tolist())
        return Points(case=case.name, predictions=told, cpu_s=round(time.process_time() - began, 3))

    def judge(self, prediction: Points, case: Case) -> Verdict | None:
        """Score one series against its labelled windows."""
        windows = _windows(case)
        if windows is None:
            return None
        times = [read_seconds(one.timestamp) for one in prediction.predictions]
        places = [place for window in windows if (place := _place(times, window)) is not None]
        return _verdict(case, score_series(prediction.alerts, places))

    def measures(self, verdicts: Sequence[Verdict]) -> Mapping[str, Measure]:  # noqa: ARG002 it is always this
        """Return the standard score, 0 for silence and 100 for perfection."""
        return {"standard": _standard}

    def baselines(self, data: Path, cases: Sequence[Case]) -> Mapping[str, Mapping[str, float]]:
        """Run three sigma and the other detectors that ship; the published scores are over all of NAB's groups."""
        published = read_json(data / _PUBLISHED)
        known = published if isinstance(published, dict) else {}
        return {
            "silence": {"standard": 0.0},
            **{f"{name}, once an episode": self._rival(cases, scores) for name, scores in _RIVALS.items()},
            **{f"{name} (all groups)": {"standard": float(one["standard"])} for name, one in known.items()},
        }

    def _rival(self, cases: Sequence[Case], scores: Callable[[Series], Floats]) -> Mapping[str, float]:
        judged = [one for case in cases if (one := self.judge(_paged(case, scores), case)) is not None]
        return {"standard": round(_standard(judged), 2)}


# Scores that page from three on, as three sigma does.
_RIVALS: Mapping[str, Callable[[Series], Floats]] = {
    "three sigma": lambda series: three_sigma(series.values),
    "STL with ESD, shipped": lambda series: np.where(stl_esd(series), SIGMAS, 0.0),
    "kernel density, shipped": lambda series: np.where(kde(series).flags, SIGMAS, 0.0),
}


def _paged(case: Case, rule: Callable[[Series], Floats]) -> Points:
    samples = read_samples(case.place / _DATA / case.name, time="timestamp", value="value")
    scores = rule(samples.series)
    pages = first_of_each(np.nan_to_num(scores), threshold=SIGMAS, quiet=DEFAULT.quiet)
    told = zip(samples.stamps, scores.tolist(), pages.tolist(), strict=True)
    return Points.model_validate(
        {"case": case.name, "predictions": [{"timestamp": at, "score": s, "alert": p} for at, s, p in told]}
    )


def _windows(case: Case) -> Sequence[tuple[float, float]] | None:
    """Return the labelled windows in Unix seconds, in order."""
    labels: Any = read_json(case.place / _WINDOWS)
    found = labels.get(case.name) if isinstance(labels, dict) else None
    if found is None:
        return None
    try:
        return sorted((read_seconds(first), read_seconds(last)) for first, last in found)
    except (TypeError, ValueError) as bad:
        raise BadTape(f"{case.place / _WINDOWS}: {case.name} needs pairs of times: {bad}.") from bad


def _place(times: Sequence[float], window: tuple[float, float]) -> tuple[int, int] | None:
    inside = [at for at, moment in enumerate(times) if window[0] <= moment <= window[1]]
    return (inside[0], inside[-1]) if inside else None


def _verdict(case: Case, found: NabScore) -> Verdict:
    return Verdict(
        case=case.name,
        kind=case.name.split("/")[0],
        numbers={"raw": found.raw, "windows": float(found.windows)},
        right=found.raw > 0 or (not found.windows and found.raw == 0),
    )


def _standard(verdicts: Sequence[Verdict]) -> float:
    numbers = [one.numbers for one in verdicts]
    return total(NabScore(raw=one["raw"], windows=int(one["windows"])) for one in numbers).scaled
