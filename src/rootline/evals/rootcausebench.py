"""Which commit broke it, or that none did: constructed incidents with deployments that tempt."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from rootline.domain.hypothesis import Answer, Hypothesis
from rootline.errors import BadTape
from rootline.evals.suite import Prediction, Ranked, Verdict, count_claims, each_folder, tokens_shown
from rootline.store.journal import Record
from rootline.tapes.importers.json_files import read_json
from rootline.tapes.importers.rootcausebench import read_rootcausebench
from rootline.tapes.recording import Recording

ENOUGH_CLAIMS = 3
PUBLISHED = "published-baselines.json"


class Truth(BaseModel):
    """What really happened."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    root_cause_commit: str
    first_failing_service: str = ""
    blast_radius: tuple[str, ...] = ()
    remediation: str = ""
    decoy_deploy_commits: tuple[str, ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether no commit did it."""
        return self.root_cause_commit == "none"


class RootCauseBench:
    """The suite `rootcausebench`."""

    name = "rootcausebench"

    def folders(self, data: Path) -> Sequence[Path]:
        """Return every folder with an alert."""
        return list(each_folder(data, "alert.json"))

    def read(self, folder: Path) -> Recording:
        """Import one incident."""
        return read_rootcausebench(folder)

    def predict(self, record: Record, case: str, cpu_s: float) -> Prediction:
        """Rank the commits blamed; an explanation without a commit speaks for none."""
        answer = record.answer or Answer(outcome="inconclusive")
        top = next(iter(answer.hypotheses), None)
        return Prediction(
            case=case,
            ranked=tuple(_ranked(one) for one in answer.hypotheses),
            none_confidence=round(answer.none_confidence, 4),
            abstained=top is None,
            first_failing_service=answer.first_failing_service,
            blast_radius=answer.blast_radius,
            remediation=top.remediation if top else "",
            claims=count_claims(record),
            tool_calls=sum(len(message.calls) for message in record.messages),
            tokens_shown=tokens_shown(record),
            cpu_s=round(cpu_s, 3),
        )

    def judge(self, prediction: Prediction, folder: Path) -> Verdict | None:
        """Score one incident as `exact`, `top3`, `none_right`, `decoys` and the rest."""
        truth = _truth(folder)
        if truth is None:
            return None
        commits = [one.commit or "none" for one in prediction.ranked]
        first = commits[0] if commits else ""
        right = first == truth.root_cause_commit
        numbers = {
            "exact": float(right),
            "top3": float(truth.root_cause_commit in commits[:3]),
            "decoys": float(first in truth.decoy_deploy_commits),
            "first_service": float(prediction.first_failing_service == truth.first_failing_service),
            "blast_jaccard": _jaccard(prediction.blast_radius or (), truth.blast_radius),
            "remediation": float(prediction.remediation == truth.remediation),
            "three_claims": float(prediction.claims.verified >= ENOUGH_CLAIMS),
        }
        if truth.is_none:
            numbers["none_right"] = float(right)
        else:
            numbers["culprit_first"] = float(right)
        return Verdict(
            case=prediction.case,
            kind="none" if truth.is_none else "commit",
            numbers=numbers,
            right=right,
            confidence=prediction.ranked[0].confidence if prediction.ranked else 0.0,
            has_cause=not truth.is_none,
            abstained=prediction.abstained,
        )

    def baselines(self, data: Path) -> Mapping[str, Mapping[str, float]]:
        """Return the published scripts and models, over all of the suite's incidents."""
        published = read_json(data / PUBLISHED)
        if not isinstance(published, dict):
            return {"always-none (of all 24)": {"exact": 7 / 24, "decoys": 0.0}}
        scripts = {
            name: {"exact": one["pass_rate_pct"] / 100, "decoys": float(one["decoy_hits"])}
            for name, one in published.get("scripts_pass_rate_pct", {}).items()
        }
        models = {name: {"exact": rate / 100} for name, rate in published.get("models_pass_rate_pct", {}).items()}
        return {**scripts, **models}


def _ranked(one: Hypothesis) -> Ranked:
    return Ranked(service=one.subject, cause=one.cause, commit=one.change or "none", confidence=one.confidence.value)


def _truth(folder: Path) -> Truth | None:
    found = read_json(folder / "truth.json")
    try:
        return None if found is None else Truth.model_validate(found)
    except ValidationError as bad:
        raise BadTape(f"{folder / 'truth.json'} is no truth of this suite: {bad.error_count()} problems.") from bad


def _jaccard(found: Sequence[str], true: Sequence[str]) -> float:
    union = set(found) | set(true)
    return len(set(found) & set(true)) / len(union) if union else 1.0
