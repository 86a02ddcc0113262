"""Whether an answer says what it must, names nothing that it must not, and blames nothing where all is well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rootline.domain.hypothesis import Answer, Hypothesis
from rootline.errors import BadTape
from rootline.evals.answers import confidence, predicted_services
from rootline.evals.investigated import Opened, folder_cases
from rootline.evals.renamed_recording import opened
from rootline.evals.suite import Case, Prediction, Verdict
from rootline.store.journal import Record
from rootline.tapes.importers.json_files import read_text
from rootline.tapes.importers.opensre import read_opensre
from rootline.yaml_text import NoYaml, read_yaml

LONGEST = 20_000
_HEALTHY = "healthy"
_CATEGORIES = {
    "capacity": "resource_exhaustion",
    "traffic": "resource_exhaustion",
    "database": "resource_exhaustion",
    "config": "configuration_error",
    "network": "configuration_error",
    "certificate": "configuration_error",
    "flag": "configuration_error",
    "release": "code_defect",
    "dependency": "dependency_failure",
    "external": "dependency_failure",
    "data": "data_quality",
    "infrastructure": "infrastructure",
}
_EXHAUSTED = (
    *("oom", "memory", "pressure", "cpu", "disk", "quota", "exhaust", "saturat", "pool", "lag"),
    *("capacity", "connections", "maximum", "limit_reached", "used_up"),
)
"""Causes with these words in them are exhausted resources in the suite's words, whatever type they are of."""

_SOURCES = (
    ("pods", "get_cluster_state"),
    ("events", "get_cluster_state"),
    ("deployments", "get_cluster_state"),
    ("node", "get_cluster_state"),
    ("logs", "search_logs"),
    ("metrics", "query_metrics"),
    ("monitors", "get_alerts"),
    ("alert", "get_alerts"),
)
"""Which of our tools reads what a name of theirs speaks of; the first word found in the name decides."""


class OpenSreLine(Prediction):
    """What was said, the suite's word for the kind of cause, and the tools whose sources answered.

    Of a case that cannot be read nothing is said, which is no claim that all is well.
    """

    told: str = ""
    category: str = "unknown"
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenSre:
    """The suite `opensre`."""

    name: str = "opensre"

    def cases(self, data: Path) -> Sequence[Case]:
        """Return every folder with an alert."""
        return list(folder_cases(data, "alert.json"))

    def open(self, case: Case, rename: int | None) -> Opened:
        """Import one incident."""
        return opened(read_opensre(case.place), rename)

    def predict(self, record: Record, case: Case, cpu_s: float) -> OpenSreLine:
        """Keep the words of the answer and where they come from."""
        answer = record.answer or Answer(outcome="inconclusive")
        first = next(iter(answer.hypotheses), None)
        told = predicted_services(record, case, cpu_s)
        answered = [one.tool for one in record.evidence if one.reading.status in {"ok", "partial"}]
        return OpenSreLine.model_validate(
            {
                **dict(told),
                "told": _told(answer)[:LONGEST],
                "category": _category(first) if first else _HEALTHY,
                "sources": tuple(dict.fromkeys(answered)),
            }
        )

    def judge(self, prediction: Prediction, case: Case) -> Verdict | None:
        """Compare with the required and forbidden findings."""
        truth = _truth(case.place / "answer.yml")
        if truth is None or not isinstance(prediction, OpenSreLine):
            return None
        healthy = truth.get("root_cause_category") == _HEALTHY
        category = float(prediction.category == truth.get("root_cause_category"))
        numbers = {
            "category": category,
            "keywords": _share(_words(truth, "required_keywords"), prediction.told),
            "evidence": _read(truth, prediction),
            "forbidden": float(_forbidden(truth, prediction)),
        }
        if healthy:
            numbers["healthy_unblamed"] = float(prediction.abstained)
        return Verdict(
            case=case.name,
            kind=_HEALTHY if healthy else "fault",
            system=case.name.split("/")[0],
            numbers=numbers,
            right=prediction.abstained if healthy else category == 1.0,
            confidence=confidence(prediction),
            has_cause=not healthy,
            abstained=prediction.abstained,
        )

    def baselines(self, data: Path, cases: Sequence[Case]) -> Mapping[str, Mapping[str, float]]:  # noqa: ARG002 nothing is read
        """Return what saying nothing scores."""
        known = [one for case in cases if (one := _truth(case.place / "answer.yml")) is not None]
        healthy = sum(one.get("root_cause_category") == _HEALTHY for one in known)
        return {"always healthy": {"category": healthy / len(known), "healthy_unblamed": 1.0}} if known else {}


def _category(one: Hypothesis) -> str:
    if any(word in one.cause for word in _EXHAUSTED):
        return "resource_exhaustion"
    return _CATEGORIES.get(one.type, "unknown")


def _told(answer: Answer) -> str:
    """Join every sentence of the answer that was verified, with the words it quotes."""
    inside = [claim for one in answer.hypotheses for claim in (*one.support, *one.against)]
    facts = [one.sentence for one in (*inside, *answer.claims) if one.is_fact]
    named = [f"{one.statement} ({one.type}, {one.cause.replace('_', ' ')})" for one in answer.hypotheses]
    unblamed = () if answer.hypotheses else ("no cause is blamed", *answer.none_reasons, answer.remark)
    return "\n".join([*named, *facts, *unblamed])


def _truth(file: Path) -> Mapping[str, Any] | None:
    text = read_text(file)
    try:
        found = None if text is None else read_yaml(text)
    except NoYaml as bad:
        raise BadTape(f"{file} is no YAML: {bad}.") from bad
    return found if isinstance(found, dict) else None


def _words(truth: Mapping[str, Any], key: str) -> Sequence[str]:
    return [str(word) for word in truth.get(key) or []]


def _share(words: Sequence[str], told: str) -> float:
    lowered = told.lower()
    return sum(word.lower() in lowered for word in words) / len(words) if words else 1.0


def _read(truth: Mapping[str, Any], prediction: OpenSreLine) -> float:
    """Return the share of the sources named by the truth that our tools got an answer from."""
    wanted = _words(truth, "required_queries") or _words(truth, "optimal_trajectory")
    tools = [next((tool for word, tool in _SOURCES if word in name), name) for name in wanted]
    return sum(tool in prediction.sources for tool in tools) / len(tools) if tools else 1.0


def _forbidden(truth: Mapping[str, Any], prediction: OpenSreLine) -> int:
    keywords = [word for word in _words(truth, "forbidden_keywords") if word.lower() in prediction.told.lower()]
    return len(keywords) + (prediction.category in _words(truth, "forbidden_categories"))
