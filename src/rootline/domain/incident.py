"""One operational event and the immutable record of how its state moved."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from rootline.domain.service_key import placed
from rootline.domain.signal import Severity
from rootline.domain.window import Window

IncidentState = Literal[
    "detected",
    "acknowledged",
    "investigating",
    "mitigated",
    "resolved",
    "learned",
    "inconclusive",
    "suppressed",
]
Verdict = Literal["confirmed", "rejected", "uncertain", "root_cause_set", "note"]


class Incident(BaseModel):
    """One operational event. When it turns out to be a part of another, `part_of` names that one.

    `cluster` is where it is, as its alerts, their sender's credential or its watch say; empty where nobody did.
    """

    model_config = ConfigDict(frozen=True)

    id: UUID
    title: str
    severity: Severity
    state: IncidentState
    service: str
    window: Window
    opened_at: AwareDatetime
    part_of: UUID | None = None
    cluster: str = ""

    @property
    def where(self) -> str:
        """The service with its cluster, as far as either is known."""
        is_whole = not self.cluster or self.service.startswith(f"{self.cluster}/")
        return self.service if is_whole else placed(self.cluster, self.service)


class Transition(BaseModel):
    """One move of an incident's state, with who moved it and why. Never edited."""

    model_config = ConfigDict(frozen=True)

    incident: UUID
    before: IncidentState | None
    after: IncidentState
    at: AwareDatetime
    actor: str
    reason: str = ""


class Feedback(BaseModel):
    """What a person said about an answer. Appended, never edited."""

    model_config = ConfigDict(frozen=True)

    investigation: UUID
    hypothesis_rank: int | None
    verdict: Verdict
    author: str
    text: str = ""
    at: AwareDatetime
