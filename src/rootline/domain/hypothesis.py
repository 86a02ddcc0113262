"""A ranked explanation made of claims, the answer that holds it, and what was not looked at."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rootline.domain.claim import Checked, Claim
from rootline.domain.evidence import Status
from rootline.domain.fact import ScoreComponent
from rootline.domain.untrusted import Untrusted

HypothesisType = Literal[
    "release",
    "config",
    "flag",
    "traffic",
    "dependency",
    "external",
    "database",
    "capacity",
    "infrastructure",
    "network",
    "certificate",
    "data",
    "security",
    "unknown",
    "none",
]
Remediation = Literal[
    "rollback",
    "roll-forward",
    "config-revert",
    "scale",
    "feature-flag-disable",
    "failover",
    "escalate-upstream",
    "purge-bad-data",
    "rotate-cert",
    "reschedule",
    "",
]
Outcome = Literal["explained", "none_of_these", "inconclusive", "answered"]


class Confidence(BaseModel):
    """A probability from 0 to 1 with bounds, the parts it came from and the calibration that made it."""

    model_config = ConfigDict(frozen=True)

    value: float = Field(ge=0, le=1)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)
    components: tuple[ScoreComponent, ...] = ()
    calibration: str = ""


class DraftHypothesis(BaseModel):
    """An explanation as a model or the built-in investigator proposes it; nothing in it is checked yet.

    `subject` is the service or object at fault, `cause` a short snake_case mechanism, `change` the label
    of the change blamed (sha, flag, key), empty where no change is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: HypothesisType
    subject: str = Field(max_length=300)
    cause: str = Field(max_length=120, pattern=r"^[a-z0-9_]*$")
    change: str = Field(default="", max_length=200)
    remediation: Remediation = ""
    probability: float = Field(ge=0, le=1)
    support: tuple[Claim, ...] = Field(max_length=12)
    against: tuple[Claim, ...] = Field(default=(), max_length=12)
    why_not: Untrusted = Field(default="", max_length=600)
    components: tuple[ScoreComponent, ...] = ()


class DraftAnswer(BaseModel):
    """What an investigation wants to say, before the checker has read it.

    A plain question is answered by `claims` alone; an incident by `hypotheses`, best first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hypotheses: tuple[DraftHypothesis, ...] = Field(default=(), max_length=8)
    claims: tuple[Claim, ...] = Field(default=(), max_length=24)
    none_probability: float = Field(default=0.0, ge=0, le=1)
    none_reasons: tuple[str, ...] = ()
    first_failing_service: str = Field(default="", max_length=300)
    blast_radius: tuple[str, ...] = ()


class Hypothesis(BaseModel):
    """A ranked explanation with at least one verified claim for it.

    `statement` is an inference, never a fact. `is_proven` says that a verified order in time and a
    verified dependency or mechanism stand under it; otherwise it is only a possible cause.
    """

    model_config = ConfigDict(frozen=True)

    rank: int = Field(ge=1)
    type: HypothesisType
    subject: str
    cause: str
    change: str = ""
    statement: str
    is_proven: bool
    remediation: Remediation = ""
    confidence: Confidence
    support: tuple[Checked, ...]
    against: tuple[Checked, ...] = ()
    why_not: Untrusted = ""


class CoverageItem(BaseModel):
    """One thing that was asked, or could not be."""

    model_config = ConfigDict(frozen=True)

    tool: str
    asked: str
    status: Status | Literal["not_configured", "not_asked"]
    evidence: str = ""
    detail: str = ""


class Recalled(BaseModel):
    """A past incident, or a diff read for one, that resembles this one: no support, and nothing rests on it.

    `claim` cites the evidence that found it; `similarity` is from 0 to 1, None for a diff; `why` says what the two
    have in common.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["incident", "diff"]
    name: str
    claim: Checked
    similarity: float | None = None
    why: tuple[Untrusted, ...] = ()
    outcome: str = ""
    remedy: str = ""


class Answer(BaseModel):
    """What an investigation says: hypotheses, or checked claims, or that it does not know.

    `recalled` is what earlier investigations of the tenant have that resembles this one.
    """

    model_config = ConfigDict(frozen=True)

    outcome: Outcome
    hypotheses: tuple[Hypothesis, ...] = ()
    claims: tuple[Checked, ...] = ()
    failed: tuple[Checked, ...] = ()
    none_confidence: float = 0.0
    none_reasons: tuple[str, ...] = ()
    first_failing_service: str = ""
    blast_radius: tuple[str, ...] = ()
    coverage: tuple[CoverageItem, ...] = ()
    recalled: tuple[Recalled, ...] = ()
    written_by: str = ""
    remark: str = ""
