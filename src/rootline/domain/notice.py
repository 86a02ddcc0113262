"""What others tell us of their own accord: alerts that fire or are resolved, and changes. All text is untrusted."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from rootline.domain.signal import Severity
from rootline.domain.untrusted import Untrusted

NoticeState = Literal["firing", "resolved"]
ReportedKind = Literal["deployment", "config", "flag", "commit"]


class Delivery(BaseModel):
    """One request of a vendor, as it came but for its secrets. The same `key` of one vendor is the same delivery."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    vendor: str
    key: str
    sender: str
    received_at: AwareDatetime
    body: JsonValue


class Notice(BaseModel):
    """An alert began to fire, or was resolved. Never edited; what the alert is now is what its latest notice says.

    `at` is when that happened and `fired_at` when the alert began; `fingerprint` is one for the same alert of one
    vendor. `cluster` is the cluster's name, with `/environment` where that is told as well. Each has either an
    incident, or in `suppressed` the reason why it opened and joined none.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    vendor: str
    fingerprint: str
    state: NoticeState
    at: AwareDatetime
    fired_at: AwareDatetime
    name: Untrusted
    service: Untrusted = ""
    severity: Severity = "medium"
    summary: Untrusted = ""
    cluster: Untrusted = ""
    namespace: Untrusted = ""
    host: Untrusted = ""
    labels: dict[str, Untrusted] = Field(default_factory=dict)
    link: Untrusted = ""
    acknowledged_by: Untrusted = ""
    is_flapping: bool = False
    suppressed: str = ""
    incident: UUID | None = None

    @property
    def home(self) -> str:
        """The cluster, without the environment; empty where it was not told."""
        return self.cluster.partition("/")[0]


class ReportedChange(BaseModel):
    """A deployment, a configuration key, a feature flag or a commit, as someone reported it.

    `cluster` is where it took effect; empty where nobody said so. A commit's `name` is its repository, `after` its
    hash; `message` and `files` are a commit's alone.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    kind: ReportedKind
    at: AwareDatetime
    service: Untrusted
    name: Untrusted = ""
    before: Untrusted = ""
    after: Untrusted = ""
    version: Untrusted = ""
    actor: Untrusted = ""
    message: Untrusted = ""
    files: tuple[Untrusted, ...] = ()
    cluster: Untrusted = ""
