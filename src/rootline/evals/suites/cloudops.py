"""Which object in a cluster is at fault, and how: recorded kubectl-like answers of one moment."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from rootline.domain.fact import TextFact
from rootline.domain.hypothesis import Answer, Hypothesis
from rootline.evals.investigated import Opened, count_claims, folder_cases, open_folder, tokens_shown
from rootline.evals.rivals.objects import Faulty, rivals
from rootline.evals.suite import Case, Prediction, Ranked, Verdict
from rootline.store.journal import Record
from rootline.tapes.importers.cloudops import read_cloudops
from rootline.tapes.importers.json_files import read_json

MOST_READS = 20
PUBLISHED = {
    "DeepSeek-V3.2 (this application / the other)": {"exact": 0.73, "exact_other": 0.54},
    "GPT-5": {"exact": 0.67, "exact_other": 0.57},
    "Claude-4-Sonnet": {"exact": 0.54, "exact_other": 0.58},
    "Qwen3-14B": {"exact": 0.34, "exact_other": 0.25},
}
"""Source: the published results of Cloud-OpsBench, by application."""


class CloudOps:
    """The suite `cloudops`."""

    name = "cloudops"

    def cases(self, data: Path) -> Sequence[Case]:
        """Return every folder with recorded calls."""
        return list(folder_cases(data, "tool_cache.json"))

    def open(self, case: Case, rename: int | None) -> Opened:
        """Import one case."""
        return open_folder(read_cloudops, case.place, rename)

    def predict(self, record: Record, case: Case, cpu_s: float) -> Prediction:
        """Rank objects with causes, in the suite's labels."""
        answer = record.answer or Answer(outcome="inconclusive")
        return Prediction(
            case=case.name,
            ranked=tuple(_ranked(one) for one in answer.hypotheses),
            abstained=not answer.hypotheses,
            claims=count_claims(record),
            tool_calls=_reads(record),
            tokens_shown=tokens_shown(record),
            cpu_s=round(cpu_s, 3),
        )

    def judge(self, prediction: Prediction, case: Case) -> Verdict | None:
        """Score object and cause; more than the allowed reads are no answer."""
        metadata = read_json(case.place / "metadata.json")
        result = metadata.get("result") if isinstance(metadata, dict) else None
        if not isinstance(result, dict):
            return None
        true = (result.get("fault_object"), result.get("root_cause"))
        ranked = [] if (prediction.tool_calls or 0) > MOST_READS else list(prediction.ranked)
        pairs = [(one.object, one.cause) for one in ranked]
        right = pairs[:1] == [true]
        numbers = {
            "exact": float(right),
            "exact3": float(true in pairs[:3]),
            "object1": float(bool(pairs) and pairs[0][0] == true[0]),
        }
        return Verdict(
            case=prediction.case,
            kind=str(result.get("root_cause")),
            system=case.name.split("/")[0],
            numbers=numbers,
            right=right,
            confidence=ranked[0].confidence if ranked else 0.0,
            has_cause=True,
            abstained=prediction.abstained,
        )

    def baselines(self, data: Path, cases: Sequence[Case]) -> Mapping[str, Mapping[str, float]]:  # noqa: ARG002 the cases know their place
        """Return the published models, and rivals run on these cases."""
        known = [(one, true) for one in cases if (true := _true_object(one)) is not None]
        faulty = (Faulty(recording=read_cloudops(one.place), culprit=true) for one, true in known)
        return {**rivals(faulty), **PUBLISHED}


def _true_object(case: Case) -> str | None:
    metadata = read_json(case.place / "metadata.json")
    result = metadata.get("result") if isinstance(metadata, dict) else None
    return str(result.get("fault_object")) if isinstance(result, dict) else None


@cache
def _labels() -> Mapping[str, str]:
    """Read the table from our causes to the suite's."""
    table = json.loads(files("rootline.evals.suites").joinpath("cloudops_labels.json").read_text(encoding="utf-8"))
    return {str(ours): str(theirs) for ours, theirs in table.items()}


def _ranked(one: Hypothesis) -> Ranked:
    cause = _labels().get(one.cause, one.cause)
    return Ranked(object=one.subject, cause=cause, confidence=one.confidence.value)


def _reads(record: Record) -> int:
    """Count the recorded entries that were read, each once."""
    texts = {fact.asked for one in record.evidence for fact in one.reading.facts if isinstance(fact, TextFact)}
    return len(texts)
