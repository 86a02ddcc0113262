"""Which node of a shop's graph is at fault, and whether none is blamed in quiet times."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rootline.evals.answers import confidence, predicted_services, rank_of, with_considered
from rootline.evals.investigated import Opened
from rootline.evals.renamed_recording import opened
from rootline.evals.rivals.culprits import Known, rivals
from rootline.evals.suite import Case, Prediction, Verdict
from rootline.store.journal import Record
from rootline.tapes.importers.json_files import read_json
from rootline.tapes.importers.petshop import read_graph, read_petshop, read_quiet, read_sheet

WINDOW_ROWS, APART_ROWS = 5, 12
_QUIET = "noissue"


@dataclass(frozen=True)
class PetShop:
    """The suite `petshop`. A quiet case is 25 minutes of every hour of `noissue`, named by its first row."""

    name: str = "petshop"

    def cases(self, data: Path) -> Sequence[Case]:
        """Return every issue of every scenario in order of path, then the quiet windows."""
        scenarios = sorted(file.parent.parent for file in data.rglob(f"{_QUIET}/metrics.csv"))
        issues = [case for scenario in scenarios for case in _issues(scenario, data)]
        return [*issues, *(case for scenario in scenarios for case in _quiet(scenario, data))]

    def open(self, case: Case, rename: int | None) -> Opened:
        """Import an issue or a quiet window."""
        if case.part.isdecimal():
            return opened(read_quiet(case.place, int(case.part), WINDOW_ROWS), rename)
        return opened(read_petshop(case.place, case.part), rename)

    def predict(self, record: Record, case: Case, cpu_s: float) -> Prediction:
        """Rank nodes; where the answer blames none, none is named."""
        told = predicted_services(record, case, cpu_s)
        return with_considered(told, record) if told.ranked else told

    def judge(self, prediction: Prediction, case: Case) -> Verdict | None:
        """Score the rank of the node at fault; in quiet times, that none is blamed."""
        if case.part.isdecimal():
            return _judged_quiet(prediction, case)
        target = _target(case)
        culprit = _culprit(case)
        if target is None or culprit is None:
            return None
        rank = rank_of(prediction, culprit)
        return Verdict(
            case=case.name,
            kind=str(target["target"].get("metric", "")),
            system=case.place.name,
            numbers={"recall1": float(rank <= 1), "recall3": float(rank <= 3)},  # noqa: PLR2004 its name
            right=rank <= 1,
            confidence=confidence(prediction),
            has_cause=True,
            abstained=prediction.abstained,
        )

    def baselines(self, data: Path, cases: Sequence[Case]) -> Mapping[str, Mapping[str, float]]:  # noqa: ARG002 the cases know their place
        """Run rivals on the same issues."""
        return rivals(_known(case) for case in cases if not case.part.isdecimal() and _culprit(case) is not None)


def _issues(scenario: Path, data: Path) -> Iterator[Case]:
    for folder in sorted(file.parent for file in scenario.rglob("metrics.csv")):
        part = folder.relative_to(scenario).as_posix()
        if part != _QUIET:
            yield Case(name=folder.relative_to(data).as_posix(), place=scenario, part=part)


def _quiet(scenario: Path, data: Path) -> Iterator[Case]:
    rows = read_sheet(scenario / _QUIET / "metrics.csv").times.size
    for first in range(0, rows - WINDOW_ROWS + 1, APART_ROWS):
        name = (scenario / _QUIET).relative_to(data).as_posix()
        yield Case(name=f"{name}/{first:04d}", place=scenario, part=str(first))


def _target(case: Case) -> Any:
    found = read_json(case.place / case.part / "target.json")
    return found if isinstance(found, dict) and isinstance(found.get("target"), dict) else None


def _culprit(case: Case) -> str | None:
    found = read_json(case.place / case.part / "target.json")
    cause = found.get("root_cause") if isinstance(found, dict) else None
    return str(cause["node"]) if isinstance(cause, dict) and "node" in cause else None


def _judged_quiet(prediction: Prediction, case: Case) -> Verdict | None:
    """Judge a quiet window, unless the truth of the whole scenario is sealed."""
    issues = (file.parent.relative_to(case.place).as_posix() for file in case.place.rglob("target.json"))
    if all(_culprit(Case(name="", place=case.place, part=part)) is None for part in issues):
        return None
    return Verdict(
        case=case.name,
        kind="quiet",
        system=case.place.name,
        numbers={"specificity": float(not prediction.ranked)},
        right=not prediction.ranked,
        confidence=confidence(prediction),
        abstained=prediction.abstained,
    )


def _known(case: Case) -> Known:
    recording = read_petshop(case.place, case.part)
    names = [name for edge in read_graph(case.place) for name in (edge.caller, edge.callee)]
    return Known(
        series=recording.series or (),
        start=recording.question.window.start.timestamp(),
        services=sorted(set(names)),
        culprit=_culprit(case) or "",
    )
