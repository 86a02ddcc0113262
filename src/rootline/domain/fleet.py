"""A registered cluster, where its backends are, and how they do. Credentials are kept elsewhere and never in here."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

from rootline.domain.untrusted import Untrusted

ClusterType = Literal["hub", "spoke", "edge", "far_edge"]
Platform = Literal["openshift", "kubernetes", "microshift"]
Environment = Literal["production", "staging", "development", "lab"]
ClusterState = Literal["online", "degraded", "offline", "unknown"]
Text = Annotated[str, Field(max_length=200)]
RESERVED = "all"
CLUSTER_NAME = r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"


class Endpoint(BaseModel):
    """Where one backend of a cluster is. `tenant` is sent as `X-Scope-OrgID`."""

    model_config = ConfigDict(frozen=True)

    kind: Text
    url: str = Field(max_length=2000)
    tenant: Text = ""


class Cluster(BaseModel):
    """One registered cluster. `labels` are what it can be chosen by, besides its region and its environment.

    It may have no address at all: one that sends its spans, alerts and changes is asked by these.
    """

    model_config = ConfigDict(frozen=True)

    name: str = Field(pattern=CLUSTER_NAME)
    display_name: str = Field(default="", max_length=128)
    cluster_type: ClusterType = "spoke"
    platform: Platform = "kubernetes"
    region: Text = ""
    environment: Environment = "development"
    labels: dict[Text, Text] = Field(default_factory=dict, max_length=64)
    endpoints: tuple[Endpoint, ...] = ()
    service_label: Text = ""
    ca_file: str = ""
    repositories: tuple[str, ...] = ()
    kubeconfig: str = ""
    kube_context: Text = ""
    created_at: AwareDatetime

    @property
    def only_sends(self) -> bool:
        """Whether it has nothing that could be asked: it is known by what it sends."""
        return not (self.endpoints or self.repositories or self.kubeconfig or self.kube_context)

    @field_validator("environment", "platform", "cluster_type", mode="before")
    @classmethod
    def _lower(cls, given: object) -> object:
        """Accept the upper case that other systems write."""
        return given.lower() if isinstance(given, str) else given

    @field_validator("name")
    @classmethod
    def _is_free(cls, name: str) -> str:
        if name == RESERVED:
            raise ValueError(f"{RESERVED!r} means every cluster")
        return name


class SourceHealth(BaseModel):
    """How one source does. `failures` are those in a row; `found` is what it was when it was last looked at."""

    model_config = ConfigDict(frozen=True)

    cluster: str
    source: str
    last_success: AwareDatetime | None = None
    last_failure: AwareDatetime | None = None
    last_error: Untrusted = ""
    failures: int = Field(default=0, ge=0)
    found: Untrusted = ""

    @property
    def is_well(self) -> bool:
        """Whether it answered when it was last asked."""
        return self.last_success is not None and not self.failures


def state_of(rows: Sequence[SourceHealth]) -> ClusterState:
    """Say how a cluster does from how its sources do."""
    if not rows:
        return "unknown"
    well = sum(one.is_well for one in rows)
    return "online" if well == len(rows) else "degraded" if well else "offline"


def health_score(rows: Sequence[SourceHealth]) -> int:
    """Return the share of sources that are well, from 0 to 100."""
    return round(100 * sum(one.is_well for one in rows) / len(rows)) if rows else 0
