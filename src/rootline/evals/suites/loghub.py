"""Whether lines that one statement wrote get one template, and no others do."""

import csv
import io
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from rootline.analysis.logs import mine
from rootline.errors import BadTape, Misconfigured
from rootline.evals.measures import means
from rootline.evals.rivals.digits import without_digits
from rootline.evals.scorers.grouping import Grouping, score
from rootline.evals.suite import Case, Line, Measure, Solver, Verdict
from rootline.tapes.importers.packed import packed, unpack

_RAW = ".log"
_STRUCTURED = ("_structured_corrected.csv", "_structured.csv")


class Templated(BaseModel):
    """One log line (counted from 1) and the template it was given."""

    model_config = ConfigDict(frozen=True)

    line: int
    template_id: str
    template: str


class Templates(Line):
    """One system's lines in order."""

    predictions: tuple[Templated, ...]


@dataclass(frozen=True)
class LogHub:
    """The suite `loghub`: one configuration for every system."""

    name: str = "loghub"
    line: type[Templates] = Templates
    calibrated: bool = False

    def cases(self, data: Path) -> Sequence[Case]:
        """Return every system: a folder with a log."""
        folders = sorted({file.parent for file in data.rglob(f"*{_RAW}*")})
        return [Case(name=folder.relative_to(data).as_posix(), place=folder) for folder in folders]

    async def predict(self, case: Case, *, alias: str, solve: Solver, rename: int | None) -> Templates:  # noqa: ARG002 lines are mined alone
        """Mine the lines' messages; whole lines where no file says which part of them is the message."""
        if rename is not None:
            raise Misconfigured("loghub has no services to rename.")
        began = time.process_time()
        mined = mine(_messages(case.place))
        told = enumerate(mined.template_of, 1)
        return Templates(
            case=case.name,
            predictions=tuple(
                Templated(line=at, template_id=f"T{of}", template=mined.templates[of]) for at, of in told
            ),
            cpu_s=round(time.process_time() - began, 3),
        )

    def judge(self, prediction: Templates, case: Case) -> Verdict | None:
        """Compare the groups of lines with the corrected templates."""
        truth = _column(case.place, "EventTemplate", _STRUCTURED[:1])
        if truth is None:
            return None
        return _verdict(case, score([one.template_id for one in prediction.predictions], truth))

    def measures(self, verdicts: Sequence[Verdict]) -> Mapping[str, Measure]:
        """Return GA and FGA, averaged over systems."""
        return means(verdicts)

    def baselines(self, data: Path, cases: Sequence[Case]) -> Mapping[str, Mapping[str, float]]:  # noqa: ARG002 the cases know their place
        """Group by the whole message, and by the message without its numbers."""
        known = [(case.place, of) for case in cases if (of := _column(case.place, "EventTemplate", _STRUCTURED[:1]))]
        whole = [score(_messages(place), truth) for place, truth in known]
        plain = [score([without_digits(text) for text in _messages(place)], truth) for place, truth in known]
        return {"each message its own": _mean(whole), "numbers masked": _mean(plain)} if known else {}


def _verdict(case: Case, found: Grouping) -> Verdict:
    numbers = {"GA": found.accuracy, "FGA": found.f1}
    return Verdict(case=case.name, kind=case.name, numbers=numbers, right=found.f1 == 1.0)


def _messages(folder: Path) -> Sequence[str]:
    content = _column(folder, "Content", _STRUCTURED)
    if content is not None:
        return content
    file = next(file for file in sorted(folder.glob(f"*{_RAW}*")) if "structured" not in file.name)
    text = unpack(file).decode("utf-8", errors="replace")
    return [line.rstrip("\r") for line in text.split("\n") if line.strip()]


def _column(folder: Path, name: str, endings: Sequence[str]) -> Sequence[str] | None:
    """Return a column of the first structured file that is there and has it."""
    for ending in endings:
        for log in sorted(folder.glob(f"*{_RAW}")):
            file = packed(folder, f"{log.name}{ending}")
            rows = (
                [] if file is None else list(csv.DictReader(io.StringIO(unpack(file).decode("utf-8-sig"), newline="")))
            )
            if rows and name in rows[0]:
                return [_cell(row, name, log) for row in rows]
    return None


def _cell(row: Mapping[str, str | None], name: str, file: Path) -> str:
    value = row.get(name)
    if value is None:
        raise BadTape(f"A row beside {file} has no {name}.")
    return value


def _mean(found: Sequence[Grouping]) -> Mapping[str, float]:
    return {
        "GA": round(sum(one.accuracy for one in found) / len(found), 4),
        "FGA": round(sum(one.f1 for one in found) / len(found), 4),
    }
