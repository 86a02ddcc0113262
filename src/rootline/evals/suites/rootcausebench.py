"""Which commit broke it, or that none did: constructed incidents with deployments that tempt."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from rootline.domain.hypothesis import Answer, Hypothesis
from rootline.errors import BadTape
from rootline.evals.investigated import Opened, count_calls, count_claims, folder_cases, open_folder, tokens_shown
from rootline.evals.rivals.culprits import Known, rivals
from rootline.evals.rivals.deploys import Tempted, tempted
from rootline.evals.suite import Case, Prediction, Ranked, Verdict
from rootline.store.journal import Record
from rootline.tapes.importers.json_files import read_json
from rootline.tapes.importers.rootcausebench import read_rootcausebench
from rootline.tapes.recording import Recording

ENOUGH_CLAIMS, BEFORE_ALERT_S = 3, 300.0
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

    def cases(self, data: Path) -> Sequence[Case]:
        """Return every folder with an alert."""
        return list(folder_cases(data, "alert.json"))

    def open(self, case: Case, rename: int | None) -> Opened:
        """Import one incident."""
        return open_folder(read_rootcausebench, case.place, rename)

    def predict(self, record: Record, case: Case, cpu_s: float) -> Prediction:
        """Rank the commits blamed; an explanation without a commit speaks for none."""
        answer = record.answer or Answer(outcome="inconclusive")
        top = next(iter(answer.hypotheses), None)
        return Prediction(
            case=case.name,
            ranked=tuple(_ranked(one) for one in answer.hypotheses),
            none_confidence=round(answer.none_confidence, 4),
            abstained=top is None,
            first_failing_service=answer.first_failing_service,
            blast_radius=answer.blast_radius,
            remediation=top.remediation if top else "",
            claims=count_claims(record),
            tool_calls=count_calls(record),
            tokens_shown=tokens_shown(record),
            cpu_s=round(cpu_s, 3),
        )

    def judge(self, prediction: Prediction, case: Case) -> Verdict | None:
        """Score one incident as `exact`, `top3`, `none_right`, `decoys` and the rest."""
        truth = _truth(case.place)
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
            "three_claims": float(prediction.claims is not None and prediction.claims.verified >= ENOUGH_CLAIMS),
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

    def baselines(self, data: Path, cases: Sequence[Case]) -> Mapping[str, Mapping[str, float]]:
        """Return the published scripts and models, over all of the suite's incidents, and rivals run on these."""
        return {**_rivals(cases), **_published(data)}


def _rivals(cases: Sequence[Case]) -> Mapping[str, Mapping[str, float]]:
    read = [(_readable(one.place), _truth(one.place)) for one in cases]
    known = [(recording, truth) for recording, truth in read if recording is not None and truth is not None]
    if not known:
        return {}
    incidents = [
        Tempted(recording=recording, culprit=truth.root_cause_commit, decoys=truth.decoy_deploy_commits)
        for recording, truth in known
    ]
    return {**tempted(incidents), **_first_services(known)}


def _first_services(known: Sequence[tuple[Recording, Truth]]) -> Mapping[str, Mapping[str, float]]:
    """Score the rivals that rank services by which one failed first; they are told five minutes before the alert."""
    cases = [
        Known(
            series=one.series or (),
            start=(one.alerts[0].fired_at if one.alerts else one.question.window.end).timestamp() - BEFORE_ALERT_S,
            services=sorted({series.service for series in one.series or ()}),
            culprit=truth.first_failing_service,
        )
        for one, truth in known
        if truth.first_failing_service
    ]
    ranked = {name: found for name, found in rivals(cases).items() if name not in {"random", "always none"}}
    return {name: {"first_service": found["top1"]} for name, found in ranked.items()}


def _published(data: Path) -> Mapping[str, Mapping[str, float]]:
    published = read_json(data / PUBLISHED)
    if not isinstance(published, dict):
        return {"always-none (of all 24)": {"exact": 7 / 24, "decoys": 0.0}}
    scripts = {
        f"{name} (of all 24)": {"exact": one["pass_rate_pct"] / 100, "decoys": float(one["decoy_hits"])}
        for name, one in published.get("scripts_pass_rate_pct", {}).items()
    }
    models = published.get("models_pass_rate_pct", {})
    return {**scripts, **{f"{name} (of all 24)": {"exact": rate / 100} for name, rate in models.items()}}


def _ranked(one: Hypothesis) -> Ranked:
    return Ranked(service=one.subject, cause=one.cause, commit=one.change or "none", confidence=one.confidence.value)


def _truth(folder: Path) -> Truth | None:
    found = read_json(folder / "truth.json")
    try:
        return None if found is None else Truth.model_validate(found)
    except ValidationError as bad:
        first = bad.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise BadTape(f"{folder / 'truth.json'} is no truth of this suite: {where}: {first['msg']}.") from bad


def _jaccard(found: Sequence[str], true: Sequence[str]) -> float:
    union = set(found) | set(true)
    return len(set(found) & set(true)) / len(union) if union else 1.0


def _readable(folder: Path) -> Recording | None:
    try:
        return read_rootcausebench(folder)
    except BadTape:
        return None
