"""Whether two commits are one change, as when it was picked onto another branch."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rootline.domain.change import Commit
from rootline.errors import BadTape, Misconfigured
from rootline.evals.measures import ratio_of
from rootline.evals.suite import Case, Line, Measure, Solver, Verdict
from rootline.evals.suites.commits import History
from rootline.evals.suites.likeness import SAME, Signature, likeness
from rootline.tapes.importers.packed import objects, packed

_PAIRS, _COMMITS = "pairs.jsonl", "pair_commits.jsonl"
_SHOWN = 12


class SameLine(Line):
    """How alike two commits are (0 to 1), and whether that is enough to be one change."""

    likeness: float
    same: bool


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two commits of a repository; `label` is empty where the truth is sealed."""

    repository: str
    a: str
    b: str
    label: str
    is_hard: bool


@dataclass(frozen=True, kw_only=True)
class Known:
    """The pairs of a folder by name, and their commits."""

    pairs: Mapping[str, Pair]
    history: History

    def commits(self, pair: Pair) -> tuple[Commit, Commit]:
        """Return both commits; one that is not on file has neither words nor lines, and is like no other."""
        a, b = (self.history.commits.get((pair.repository, sha), _unknown(sha)) for sha in (pair.a, pair.b))
        return a, b


@dataclass
class SameChange:
    """The suite `same_change`. Hard are negatives in the same files, and positives whose patches differ."""

    name: str = "same_change"
    line: type[SameLine] = SameLine
    calibrated: bool = False
    _known: dict[Path, Known] = field(default_factory=dict)

    def cases(self, data: Path) -> Sequence[Case]:
        """Return every pair, in the order of its file."""
        return [Case(name=name, place=data) for name in self._of(data).pairs]

    async def predict(self, case: Case, *, alias: str, solve: Solver, rename: int | None) -> SameLine:  # noqa: ARG002 commits are compared alone
        """Compare the two commits."""
        if rename is not None:
            raise Misconfigured("same_change has no services to rename.")
        began = time.process_time()
        known = self._of(case.place)
        one, other = known.commits(known.pairs[case.name])
        alike = likeness(Signature.of(one), Signature.of(other))
        spent = round(time.process_time() - began, 3)
        return SameLine(case=case.name, likeness=round(alike, 4), same=alike >= SAME, cpu_s=spent)

    def judge(self, prediction: SameLine, case: Case) -> Verdict | None:
        """Count the pair as found, missed or invented."""
        return _verdict(self._of(case.place).pairs[case.name], case.name, same=prediction.same)

    def measures(self, verdicts: Sequence[Verdict]) -> Mapping[str, Measure]:  # noqa: ARG002 they are always these
        """Return precision and recall, over all pairs and over the hard ones."""
        return _MEASURES

    def baselines(self, data: Path, cases: Sequence[Case]) -> Mapping[str, Mapping[str, float]]:
        """Call commits the same by their subjects alone, or by equal changed lines alone."""
        known = self._of(data)
        judged: dict[str, list[Verdict]] = {"same subject": [], "same changed lines": []}
        for case in cases:
            pair = known.pairs[case.name]
            one, other = known.commits(pair)
            subjects = one.message.split("\n", 1)[0] == other.message.split("\n", 1)[0]
            lines = Signature.of(one).lines == Signature.of(other).lines
            for name, same in (("same subject", subjects), ("same changed lines", lines)):
                if (verdict := _verdict(pair, case.name, same=same)) is not None:
                    judged[name].append(verdict)
        return {
            name: {what: round(measure(found), 4) for what, measure in _MEASURES.items()}
            for name, found in judged.items()
        }

    def _of(self, data: Path) -> Known:
        if data not in self._known:
            file = packed(data, _PAIRS)
            rows = [] if file is None else [_pair(row, file) for row in objects(file)]
            names = {f"{at:04d}:{one.a[:_SHOWN]}:{one.b[:_SHOWN]}": one for at, one in enumerate(rows)}
            self._known[data] = Known(pairs=names, history=History.read(data, _COMMITS))
        return self._known[data]


_MEASURES: Mapping[str, Measure] = {
    "precision": ratio_of("found", "found", "invented"),
    "recall": ratio_of("found", "found", "missed"),
    "hard_precision": ratio_of("found_hard", "found_hard", "invented_hard"),
    "hard_recall": ratio_of("found_hard", "found_hard", "missed_hard"),
}


def _unknown(sha: str) -> Commit:
    return Commit(sha=sha, at=datetime.fromtimestamp(0, UTC), message="")


def _pair(row: Mapping[str, Any], file: Path) -> Pair:
    try:
        return Pair(
            repository=str(row["repo"]),
            a=str(row["a"]),
            b=str(row["b"]),
            label=str(row.get("label") or ""),
            is_hard=bool(row.get("hard")) or row.get("patch_id") == "differ",
        )
    except KeyError as bad:
        raise BadTape(f"{file}: a pair needs repo, a and b: {bad}.") from bad


def _verdict(pair: Pair, name: str, *, same: bool) -> Verdict | None:
    if not pair.label:
        return None
    truth = pair.label == "SAME_CHANGE"
    event = {(True, True): "found", (True, False): "missed", (False, True): "invented"}.get((truth, same), "apart")
    numbers = {event: 1.0, **({f"{event}_hard": 1.0} if pair.is_hard else {})}
    return Verdict(case=name, kind=pair.repository, numbers=numbers, right=same is truth)
