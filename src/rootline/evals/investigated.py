"""A root-cause suite: every case becomes a recording, and the whole investigation answers it."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from rootline.evals.measures import means, sum_of
from rootline.evals.renaming import renamed
from rootline.evals.suite import Case, ClaimCounts, Measure, Prediction, Solver, Verdict
from rootline.store.journal import Record
from rootline.tapes.recording import Recording

_LOG = logging.getLogger(__name__)
_MOST_TOLD = 20


def _as_is(prediction: Prediction) -> Prediction:
    return prediction


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A case in memory, and the way from its names back to those of the suite."""

    recording: Recording
    back: Callable[[Prediction], Prediction] = field(default=_as_is)


class Incidents(Protocol):
    """What a suite of incidents has to know; how they are investigated is the same for all."""

    @property
    def name(self) -> str:
        """What the suite is called on the command line."""
        ...

    def cases(self, data: Path) -> Sequence[Case]:
        """Return the cases in case order."""
        ...

    def open(self, case: Case, rename: int | None) -> Opened:
        """Import one case without its truth, under made-up names if a seed is given."""
        ...

    def predict(self, record: Record, case: Case, cpu_s: float) -> Prediction:
        """Put an answer into the suite's words."""
        ...

    def judge(self, prediction: Prediction, case: Case) -> Verdict | None:
        """Compare with the truth; None where there is none."""
        ...

    def baselines(self, data: Path, cases: Sequence[Case]) -> Mapping[str, Mapping[str, float]]:
        """Return what others score, published or run here."""
        ...


@dataclass(frozen=True)
class Investigated:
    """A suite of incidents, each investigated from beginning to end."""

    incidents: Incidents
    line: type[Prediction] = Prediction
    calibrated: bool = True
    sums: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the suite."""
        return self.incidents.name

    def cases(self, data: Path) -> Sequence[Case]:
        """Return the cases in case order."""
        return self.incidents.cases(data)

    async def predict(self, case: Case, *, alias: str, solve: Solver, rename: int | None) -> Prediction:
        """Investigate a case; the CPU of reading it in counts. Raises BadTape where it cannot be read."""
        began = time.process_time()
        opened = self.incidents.open(case, rename)
        record = await solve(replace(opened.recording, title=alias), alias)
        return opened.back(self.incidents.predict(record, case, time.process_time() - began))

    def judge(self, prediction: Prediction, case: Case) -> Verdict | None:
        """Compare with the truth."""
        return self.incidents.judge(prediction, case)

    def measures(self, verdicts: Sequence[Verdict]) -> Mapping[str, Measure]:
        """Return the mean of every number, the sum of those that are counts over all cases."""
        return {**means(verdicts), **{name: sum_of(name) for name in self.sums}}

    def baselines(self, data: Path, cases: Sequence[Case]) -> Mapping[str, Mapping[str, float]]:
        """Return what others score."""
        return self.incidents.baselines(data, cases)


def open_folder(read: Callable[[Path], Recording], folder: Path, rename: int | None) -> Opened:
    """Import a folder, from a renamed copy if a seed is given."""
    if rename is None:
        return Opened(recording=read(folder))
    with TemporaryDirectory() as scratch:
        names = renamed(folder, Path(scratch), rename)
        return Opened(recording=read(names.folder), back=names.back)


def folder_cases(data: Path, marker: str) -> Iterator[Case]:
    """Find every folder below `data` that holds a file of that name, in order of path; say which leaves hold none."""
    found = sorted(file.parent for file in data.rglob(marker))
    for empty in _without(data, found)[:_MOST_TOLD]:
        _LOG.warning("%s holds no %s and is left out", empty.relative_to(data).as_posix(), marker)
    for folder in found:
        yield Case(name=folder.relative_to(data).as_posix(), place=folder)


def _without(data: Path, cases: Sequence[Path]) -> list[Path]:
    """Return the folders without folders of their own that are no case and lie in none."""
    known = set(cases)
    folders = sorted(one for one in data.rglob("*") if one.is_dir()) if cases else []
    leaves = [one for one in folders if not any(below.is_dir() for below in one.iterdir())]
    return [one for one in leaves if known.isdisjoint((one, *one.parents))]


def count_claims(record: Record) -> ClaimCounts:
    """Count the marks of everything the answer claims."""
    answer = record.answer
    if answer is None:
        return ClaimCounts()
    inside = [claim for one in answer.hypotheses for claim in (*one.support, *one.against)]
    marks = [claim.mark for claim in (*inside, *answer.claims, *answer.failed)]
    return ClaimCounts(
        verified=marks.count("verified"), contradicted=marks.count("contradicted"), not_found=marks.count("not_found")
    )


def count_calls(record: Record) -> int:
    """Count the tool calls made."""
    return sum(len(message.calls) for message in record.messages)


def tokens_shown(record: Record) -> int:
    """Count what a model would have been shown, four characters a token."""
    return sum(len(result.text) for message in record.messages for result in message.results) // 4
