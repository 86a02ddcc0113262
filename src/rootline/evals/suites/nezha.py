"""Which service of a shop a fault was injected into, and whether the fault opens an incident."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rootline.domain.moment import read_moment
from rootline.domain.window import rfc3339
from rootline.errors import BadTape
from rootline.evals.answers import confidence, predicted_services, rank_of, with_considered
from rootline.evals.investigated import Opened
from rootline.evals.openings import openings
from rootline.evals.renamed_recording import opened
from rootline.evals.rivals.culprits import Known, rivals
from rootline.evals.suite import Case, Prediction, Verdict
from rootline.store.journal import Record
from rootline.tapes.importers.json_files import read_json, rows
from rootline.tapes.importers.nezha import AFTER, BEFORE, Day, moment_of, read_day
from rootline.tapes.importers.nezha_minutes import AROUND_FAULTS, service_of

_FAULTS = "fault_list.json"


class NezhaLine(Prediction):
    """A fault's prediction. `incidents` are those that opened since the case before; the last has the day's rest."""

    incidents: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault: when, and where the truth is known, in which pod and how."""

    at: datetime
    pod: str = ""
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A day with its faults in order, and the incidents that its metrics open."""

    day: Day
    faults: tuple[Fault, ...]
    incidents: tuple[datetime, ...]

    def since(self, at: int) -> tuple[datetime, ...]:
        """Return the incidents that belong to the line of a fault."""
        first = self.faults[at - 1].at + AFTER if at else datetime.min.replace(tzinfo=UTC)
        last = self.faults[at].at + AFTER if at + 1 < len(self.faults) else datetime.max.replace(tzinfo=UTC)
        return tuple(one for one in self.incidents if first < one <= last)

    def is_quiet(self, moment: datetime) -> bool:
        """Whether a moment is more than five minutes away from every fault."""
        return all(abs(moment - fault.at) > AROUND_FAULTS for fault in self.faults)


@dataclass
class Nezha:
    """The suite `nezha`. Where no list of faults is given, the incidents that open are the cases."""

    name: str = "nezha"
    _days: dict[Path, Watched] = field(default_factory=dict)

    def cases(self, data: Path) -> Sequence[Case]:
        """Return every fault of every day, by its time."""
        days = sorted(folder.parent for folder in data.rglob("metric") if folder.is_dir())
        return [
            Case(name=f"{folder.relative_to(data).as_posix()}/{fault.at:%H:%M:%S}", place=folder, part=str(at))
            for folder in days
            for at, fault in enumerate(self._watched(folder).faults)
        ]

    def open(self, case: Case, rename: int | None) -> Opened:
        """Cut the fault's window out of its day."""
        known = self._watched(case.place)
        times = [fault.at for fault in known.faults]
        return opened(known.day.recording(times[int(case.part)], times), rename)

    def predict(self, record: Record, case: Case, cpu_s: float) -> NezhaLine:
        """Rank services, and tell which incidents have opened."""
        incidents = self._watched(case.place).since(int(case.part))
        told = with_considered(predicted_services(record, case, cpu_s), record)
        return NezhaLine.model_validate({**dict(told), "incidents": tuple(rfc3339(one) for one in incidents)})

    def judge(self, prediction: Prediction, case: Case) -> Verdict | None:
        """Score the rank of the fault's service, and the incidents around it."""
        known = self._watched(case.place)
        fault = known.faults[int(case.part)]
        if not fault.pod:
            return None
        told = prediction.incidents if isinstance(prediction, NezhaLine) else ()
        moments = [read_moment(one) for one in told]
        rank = rank_of(prediction, service_of(fault.pod))
        return Verdict(
            case=case.name,
            kind=fault.kind,
            system=case.place.name,
            numbers={
                "AC@1": float(rank <= 1),
                "AC@3": float(rank <= 3),  # noqa: PLR2004 its name
                "detected": float(any(fault.at <= one <= fault.at + AFTER for one in moments)),
                "quiet_incidents": float(sum(known.is_quiet(one) for one in moments)),
            },
            right=rank <= 1,
            confidence=confidence(prediction),
            has_cause=True,
            abstained=prediction.abstained,
        )

    def baselines(self, data: Path, cases: Sequence[Case]) -> Mapping[str, Mapping[str, float]]:  # noqa: ARG002 the cases know their place
        """Run rivals on the same windows."""
        return rivals(self._known(case) for case in cases if self._fault(case).pod)

    def _fault(self, case: Case) -> Fault:
        return self._watched(case.place).faults[int(case.part)]

    def _known(self, case: Case) -> Known:
        known = self._watched(case.place)
        times = [fault.at for fault in known.faults]
        at = times[int(case.part)]
        series = known.day.series_around(at, times)
        return Known(
            series=series,
            start=(at - BEFORE).timestamp(),
            services=sorted({one.service for one in series}),
            culprit=service_of(self._fault(case).pod),
        )

    def _watched(self, folder: Path) -> Watched:
        if folder not in self._days:
            day = read_day(folder)
            incidents = tuple(datetime.fromtimestamp(at, UTC) for at in openings(day.series))
            self._days[folder] = Watched(day=day, faults=_faults(folder, incidents), incidents=incidents)
        return self._days[folder]


def _faults(folder: Path, incidents: Sequence[datetime]) -> tuple[Fault, ...]:
    found = read_json(folder / _FAULTS)
    if found is None:
        return tuple(Fault(at=one) for one in incidents)
    if not isinstance(found, dict):
        raise BadTape(f"{folder / _FAULTS} must hold lists of faults by hour.")
    return tuple(_fault(row, folder / _FAULTS) for hour in found.values() for row in rows(hour, folder / _FAULTS))


def _fault(row: Mapping[str, Any], file: Path) -> Fault:
    try:
        at = moment_of(str(row["inject_time"]))
    except (KeyError, ValueError) as bad:
        raise BadTape(f"{file}: a fault needs its inject_time: {bad}.") from bad
    return Fault(at=at, pod=str(row.get("inject_pod") or ""), kind=str(row.get("inject_type") or ""))
