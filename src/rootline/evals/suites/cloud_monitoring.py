"""Whether the events that experts marked in production series are alerted on, and no others."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rootline.analysis.metrics.density import kde
from rootline.analysis.metrics.robust import Mask
from rootline.analysis.metrics.spikes import robust_spikes
from rootline.analysis.metrics.stl import stl_esd
from rootline.domain.signal import Series
from rootline.errors import Misconfigured
from rootline.evals.measures import sum_of
from rootline.evals.points import Points, Samples, points, read_samples
from rootline.evals.rivals.three_sigma import SIGMAS, three_sigma
from rootline.evals.scorers.events import EventCounts, count_events, total
from rootline.evals.suite import Case, Measure, Solver, Verdict


@dataclass(frozen=True)
class CloudMonitoring:
    """The suite `cloud_monitoring`: alarms of the shipped detector against labelled events."""

    name: str = "cloud_monitoring"
    line: type[Points] = Points
    calibrated: bool = False

    def cases(self, data: Path) -> Sequence[Case]:
        """Return every series, in order of path."""
        return [Case(name=file.relative_to(data).as_posix(), place=file) for file in sorted(data.rglob("*.csv"))]

    async def predict(self, case: Case, *, alias: str, solve: Solver, rename: int | None) -> Points:  # noqa: ARG002 numbers have no names
        """Score and alert on every sample, looking only at those before it."""
        if rename is not None:
            raise Misconfigured("cloud_monitoring has no names.")
        began = time.process_time()
        samples = _read(case)
        found = robust_spikes(samples.series)
        told = points(samples, found, found.flags.tolist())
        return Points(case=case.name, predictions=told, cpu_s=round(time.process_time() - began, 3))

    def judge(self, prediction: Points, case: Case) -> Verdict | None:
        """Count the events of one series; None where the file has no labels."""
        return _counted(case, _read(case), prediction.alerts)

    def measures(self, verdicts: Sequence[Verdict]) -> Mapping[str, Measure]:  # noqa: ARG002 they are always these
        """Return F1 over the events of all series, and how many were hit, missed and invented."""
        return {"event_f1": _f1, **{name: sum_of(name) for name in ("hit", "missed", "false")}}

    def baselines(self, data: Path, cases: Sequence[Case]) -> Mapping[str, Mapping[str, float]]:  # noqa: ARG002 the cases know their place
        """Run three sigma on the same series, and the other detectors that ship."""
        read = [(case, _read(case)) for case in cases]
        return {"silence": {"event_f1": 0.0}, **{name: _rival(read, alarms) for name, alarms in _RIVALS.items()}}


_RIVALS: Mapping[str, Callable[[Series], Mask]] = {
    "three sigma": lambda series: three_sigma(series.values) >= SIGMAS,
    "STL with ESD, shipped": stl_esd,
    "kernel density, shipped": lambda series: kde(series).flags,
}


def _rival(read: Sequence[tuple[Case, Samples]], alarms: Callable[[Series], Mask]) -> Mapping[str, float]:
    counted = [_counted(case, one, alarms(one.series).tolist()) for case, one in read]
    judged = [one for one in counted if one is not None]
    return {"event_f1": round(_f1(judged), 4), "false": sum_of("false")(judged)}


def _read(case: Case) -> Samples:
    return read_samples(case.place, time="TimeStamp", value="Value", label="Label")


def _counted(case: Case, samples: Samples, alerts: Sequence[bool]) -> Verdict | None:
    if not samples.labels:
        return None
    found = count_events(samples.labels, alerts)
    return Verdict(
        case=case.name,
        kind=case.name.split("/")[0],
        numbers={"hit": float(found.hit), "missed": float(found.missed), "false": float(found.false)},
        right=found.missed == 0 and found.false == 0,
    )


def _f1(verdicts: Sequence[Verdict]) -> float:
    numbers = [one.numbers for one in verdicts]
    return total(
        EventCounts(hit=int(one["hit"]), missed=int(one["missed"]), false=int(one["false"])) for one in numbers
    ).f1
