"""One typed, checkable statement, the places that prove it, and the mark a checker gave it."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from rootline.domain.window import Window

Predicate = Literal[
    "rose",
    "fell",
    "equals",
    "contains",
    "absent",
    "precedes",
    "started",
    "ended",
    "depends_on",
    "changed",
    "is_healthy",
]
Mark = Literal["verified", "contradicted", "not_found", "stale"]
Scalar = float | bool | str | None
EvidenceLabel = Annotated[str, Field(pattern=r"^E[1-9][0-9]{0,5}$")]


class PointerSelector(BaseModel):
    """A value inside evidence, by JSON pointer, and what it should be. `tolerance` is relative."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["pointer"] = "pointer"
    evidence: EvidenceLabel
    pointer: str = Field(max_length=300, description="JSON pointer into the evidence, e.g. /facts/0/current")
    expected: Scalar
    tolerance: float = Field(default=0.01, ge=0, le=0.05)


class SeriesSelector(BaseModel):
    """One point of one series: the series fact's subject, the moment and the value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["series"] = "series"
    evidence: EvidenceLabel
    series: str = Field(max_length=500)
    at: AwareDatetime
    expected: float
    tolerance: float = Field(default=0.01, ge=0, le=0.05)


class LineSelector(BaseModel):
    """A line of text inside evidence, by JSON pointer to that line, and the exact words it holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["line"] = "line"
    evidence: EvidenceLabel
    pointer: str = Field(max_length=300, description="JSON pointer to the line, e.g. /facts/0/lines/12")
    quote: str = Field(min_length=1, max_length=2000)


Selector = Annotated[PointerSelector | SeriesSelector | LineSelector, Field(discriminator="kind")]


class Claim(BaseModel):
    """A statement about one subject, made of fields that code can compare with evidence.

    What `value` is depends on the predicate:

    rose, fell      (before, after), or after alone
    equals          the value
    contains        the exact words
    absent          what was looked for
    precedes        the subject of the later fact
    started, ended  the moment, RFC 3339
    depends_on      the service depended on
    changed         the change's label: sha, flag, key or provider
    is_healthy      None

    `window` is the window of the cited evidence. The first selector points into a fact about `subject`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str = Field(min_length=1, max_length=500)
    predicate: Predicate
    value: Scalar | tuple[float, float] = None
    unit: str = Field(default="", max_length=40)
    window: Window
    selectors: tuple[Selector, ...] = Field(min_length=1, max_length=8)


class Checked(BaseModel):
    """A claim with the checker's mark, and in a few words why."""

    model_config = ConfigDict(frozen=True)

    claim: Claim
    sentence: str
    mark: Mark
    reason: str = ""

    @property
    def is_fact(self) -> bool:
        """Whether the claim may be shown as fact."""
        return self.mark == "verified"
