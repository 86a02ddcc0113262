"""What a watch has seen at one slot, what it made of it, and by which policy. Never edited."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

WatchWindow = Literal["5m", "30m", "6h", "now"]
AnomalyKind = Literal["spike", "drop", "trend_change", "pattern_break", "threshold_breach", "new_pattern", "none"]
GateAction = Literal["opened", "joined", "suppressed"]


class AnomalyFeature(BaseModel):
    """How far one signal of one service was from normal.

    `expected`, `observed` and `deviation` are in `unit`; `score` is signed, in robust standard deviations.
    `signal` is a view of RED or USE with its resource, such as `duration` or `utilisation of cpu`.
    """

    model_config = ConfigDict(frozen=True)

    service: str
    signal: str
    window: WatchWindow
    metric: str
    unit: str
    expected: float
    observed: float
    deviation: float
    score: float
    kind: AnomalyKind


class Gated(BaseModel):
    """A candidate and what the gate made of it; kept whatever that was.

    `incident` is the one that it opened or joined, None where it was suppressed. `rationale` is a sentence with
    the numbers that spoke for it.
    """

    model_config = ConfigDict(frozen=True)

    service: str
    rule: str
    action: GateAction
    reason: str
    rationale: str
    policy: str
    incident: UUID | None = None


class GateMemory(BaseModel):
    """What the gate carries from one slot to the next; `rule` is what opened the incident."""

    model_config = ConfigDict(frozen=True)

    opened_at: AwareDatetime | None = None
    seen_at: AwareDatetime | None = None
    quiet: int = 1_000_000
    incident: UUID | None = None
    rule: str = ""


class WatchRound(BaseModel):
    """One slot of one watched cluster, evaluated once.

    `failures` says which source could not be asked, and why; `features` are those worth keeping.
    """

    model_config = ConfigDict(frozen=True)

    cluster: str
    slot: AwareDatetime
    policy: str
    services: int
    series: int
    failures: tuple[str, ...] = ()
    memory: GateMemory = GateMemory()
    features: tuple[AnomalyFeature, ...] = ()
    gated: tuple[Gated, ...] = ()
