"""Which of a window's real commits broke it, or that none of them did."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.errors import Misconfigured
from rootline.evals.measures import auroc_of, mean_of
from rootline.evals.rivals.bm25 import bm25
from rootline.evals.rivals.rankings import by_chance, by_rank
from rootline.evals.scorers.ranking import expected_rank
from rootline.evals.suite import Case, Measure, Prediction, Ranked, Solver, Verdict
from rootline.evals.suites.commits import History, Incident, incidents

EVEN = 0.5
ALWAYS_NONE = {"top1": 0.0, "top3": 0.0, "mrr": 0.0, "none_auroc": 0.5}


@dataclass
class Culprit:
    """The suite `culprit`. The commits of a folder are read once and kept."""

    name: str = "culprit"
    line: type[Prediction] = Prediction
    calibrated: bool = True
    _known: dict[Path, tuple[Mapping[str, Incident], History]] = field(default_factory=dict)

    def cases(self, data: Path) -> Sequence[Case]:
        """Return the windows with a culprit, then those without, in the order of their files."""
        return [Case(name=name, place=data) for name in self._of(data)[0]]

    async def predict(self, case: Case, *, alias: str, solve: Solver, rename: int | None) -> Prediction:  # noqa: ARG002 changes are ranked alone
        """Rank the commits of a window by the symptom's text."""
        if rename is not None:
            raise Misconfigured("culprit has no services to rename.")
        began = time.process_time()
        incident, history = self._incident(case)
        changes = history.changes(incident)
        found = rank(Symptom(service="", texts=(incident.symptom,)), changes, history.window(changes))
        return Prediction(
            case=case.name,
            ranked=tuple(Ranked(commit=one.label, confidence=one.probability) for one in found.ranked),
            none_confidence=found.none_confidence,
            abstained=not found.ranked,
            cpu_s=round(time.process_time() - began, 3),
        )

    def judge(self, prediction: Prediction, case: Case) -> Verdict | None:
        """Score the place of the culprit, or the confidence that there is none."""
        incident, _ = self._incident(case)
        if not incident.is_judged:
            return None
        none = prediction.none_confidence or 0.0
        top = prediction.ranked[0].confidence if prediction.ranked else 0.0
        says_none = none >= EVEN
        ranks = _ranks(prediction, incident.culprit) if incident.culprit else {}
        return Verdict(
            case=case.name,
            kind=incident.stratum or "all",
            system=incident.repository,
            numbers={**ranks, "none_confidence": none, "decided": float(says_none is not incident.has_culprit)},
            right=not says_none and ranks["top1"] == 1 if incident.has_culprit else says_none,
            confidence=max(none, top),
            has_cause=incident.has_culprit,
            abstained=prediction.abstained,
        )

    def measures(self, verdicts: Sequence[Verdict]) -> Mapping[str, Measure]:  # noqa: ARG002 they are always these
        """Return top1, top3 and mrr where there is a culprit, and how well none_confidence tells the two apart."""
        ranks = {name: mean_of(name) for name in ("top1", "top3", "mrr")}
        return {**ranks, "none_auroc": auroc_of("none_confidence", positive=_no_cause), "decided": mean_of("decided")}

    def baselines(self, data: Path, cases: Sequence[Case]) -> Mapping[str, Mapping[str, float]]:  # noqa: ARG002 the cases know their place
        """Run chance, the latest commit and BM25 on the same windows."""
        found = [one for case in cases if (one := self._incident(case))[0].has_culprit]
        if not found:
            return {}
        latest = [history.scored(incident, _latest) for incident, history in found]
        return {
            "random": by_chance(latest),
            "latest commit": by_rank(latest),
            "BM25": by_rank([history.scored(incident, bm25) for incident, history in found]),
            "always none": ALWAYS_NONE,
        }

    def _of(self, data: Path) -> tuple[Mapping[str, Incident], History]:
        if data not in self._known:
            self._known[data] = incidents(data), History.read(data)
        return self._known[data]

    def _incident(self, case: Case) -> tuple[Incident, History]:
        known, history = self._of(case.place)
        return known[case.name], history


def _ranks(prediction: Prediction, culprit: str) -> Mapping[str, float]:
    commits = [one.commit for one in prediction.ranked]
    truth = commits.index(culprit) if culprit in commits else None
    place = expected_rank([one.confidence for one in prediction.ranked], truth)
    return {"top1": float(place <= 1), "top3": float(place <= 3), "mrr": 1.0 / place}  # noqa: PLR2004 its name


def _no_cause(verdict: Verdict) -> bool:
    return not verdict.has_cause


def _latest(_: str, commits: Sequence[str]) -> Sequence[float]:
    return range(len(commits))
