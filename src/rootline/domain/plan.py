"""Ordered, typed steps that fix, with preflight, rollback and verification. A plan runs nothing."""

import hashlib
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from rootline.domain.claim import Claim
from rootline.domain.evidence import canonical
from rootline.domain.hypothesis import Remediation

PlanState = Literal[
    "draft",
    "preflighted",
    "approved",
    "executing",
    "verified",
    "failed",
    "rolled_back",
    "rejected",
    "expired",
]
Risk = Literal["low", "medium", "high", "critical"]
Reversibility = Literal["instant", "manual", "difficult", "irreversible"]
ActionKind = Literal[
    "rollback_deployment",
    "roll_forward",
    "revert_commit",
    "revert_config",
    "disable_flag",
    "scale_service",
    "restart_service",
    "reschedule_pods",
    "raise_quota",
    "fix_manifest",
    "extend_storage",
    "failover",
    "escalate_upstream",
    "purge_bad_data",
    "rotate_certificate",
    "restore_node",
    "drain_node",
    "create_object",
    "tune_database",
    "apply_migration",
    "limit_traffic",
    "observe",
]
Entity = Annotated[str, Field(min_length=1, max_length=300)]


class Action(BaseModel):
    """One step out of the closed catalogue. Every argument names an entity the evidence knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ActionKind
    target: Entity
    arguments: dict[str, str] = {}
    title: str
    commands: tuple[str, ...] = ()
    rollback: str = ""
    reversibility: Reversibility


class Check(BaseModel):
    """Something to look at before or after, and what it should show.

    With a `claim`, the evidence it cites is read again: the claim must hold, or with `expected` "gone" no longer hold.
    """

    model_config = ConfigDict(frozen=True)

    title: str
    claim: Claim | None = None
    expected: Literal["holds", "gone"] = "holds"


class Plan(BaseModel):
    """A fix for one hypothesis. Its hash is what a person approves."""

    model_config = ConfigDict(frozen=True)

    hypothesis_rank: int
    subject: str
    remediation: Remediation
    state: PlanState = "draft"
    actions: tuple[Action, ...]
    preflight: tuple[Check, ...]
    verification: tuple[Check, ...]
    risk: Risk
    risk_score: float = Field(ge=0, le=1)
    risk_reasons: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """The hash over everything that would be done, so that nothing can change after consent."""
        content = self.model_dump(mode="json", exclude={"state"})
        return hashlib.sha256(canonical(content).encode()).hexdigest()
