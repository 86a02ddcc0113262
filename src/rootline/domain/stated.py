"""An answer as a model states it: short claims by evidence label and fact number, which code completes and checks."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from rootline.domain.claim import EvidenceLabel, Predicate, Scalar
from rootline.domain.fact import ScoreComponent
from rootline.domain.hypothesis import HypothesisType, Remediation


class Place(BaseModel):
    """One fact: the evidence's label and the number in brackets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    evidence: EvidenceLabel = Field(description="Label, e.g. E3")
    fact: int = Field(ge=0, le=100_000, description="Number in brackets")


class StatedClaim(Place):
    """A statement about one fact. What is left out is read from the evidence; what is given must agree with it."""

    predicate: Predicate = Field(description="What is said of it")
    field: str = Field(default="", max_length=60, description="equals: which field")
    value: Scalar | tuple[float, float] = Field(default=None, description="Your figure or quote; checked")
    line: int | None = Field(default=None, ge=0, description="contains: line number")
    other: Place | None = Field(default=None, description="precedes: the later fact")
    subject: str = Field(default="", max_length=500, description="Checked when given")


MOST_HIT = 200
"""Source: ours; services that an answer names as hurt, those first that were hurt most."""
Words = Annotated[str, Field(max_length=600)]


class StatedHypothesis(BaseModel):
    """One explanation. `subject` is the service or object at fault, `cause` a snake_case mechanism."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: HypothesisType
    subject: str = Field(max_length=300, description="Service or object at fault")
    cause: str = Field(max_length=120, pattern=r"^[a-z0-9_]*$", description="Mechanism in snake_case")
    change: str = Field(default="", max_length=200, description="Sha, flag or key blamed; empty if none")
    remediation: Remediation = ""
    probability: float = Field(ge=0, le=1)
    support: tuple[StatedClaim, ...] = Field(max_length=12)
    against: tuple[StatedClaim, ...] = Field(default=(), max_length=12)
    why_not: Words = Field(default="", description="For runners-up: what speaks against")
    components: tuple[ScoreComponent, ...] = ()


class StatedAnswer(BaseModel):
    """The whole answer: hypotheses for an incident, claims alone for a plain question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hypotheses: tuple[StatedHypothesis, ...] = Field(default=(), max_length=8)
    claims: tuple[StatedClaim, ...] = Field(default=(), max_length=24)
    none_probability: float = Field(default=0.0, ge=0, le=1, description="That no change explains it")
    none_reasons: tuple[Words, ...] = Field(default=(), max_length=8)
    first_failing_service: str = Field(default="", max_length=300)
    blast_radius: tuple[str, ...] = Field(default=(), max_length=MOST_HIT)
