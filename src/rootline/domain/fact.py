"""What evidence is made of: small typed records, each about one subject, which claims point into.

A claim cites a fact by JSON pointer (`/facts/3/current`) and must be about that fact's `subject`.
Durations are seconds, shares are ratios from 0 to 1, moments are UTC.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from rootline.domain.change import ChangeKind, Relation
from rootline.domain.points import Points
from rootline.domain.untrusted import Untrusted

Standing = Literal["confirmed", "rejected", "undecided", "unjudged", ""]
"""What people said of an explanation: agreed for or against, disagreed, nothing; empty where it was not asked."""


def _is_empty(value: object) -> bool:
    """Whether a field is left out, so that facts stored before it was there keep their hash."""
    return not value


class Fact(BaseModel):
    """The part that all facts share: whom or what it is about."""

    model_config = ConfigDict(frozen=True)

    subject: str = Field(description="Whom or what this fact is about")


class Spike(BaseModel):
    """A stretch of samples in alarm, both ends included. `furthest` is in the series' unit, `seen_at` a resolution."""

    model_config = ConfigDict(frozen=True)

    by: str
    seen_at: str
    first: AwareDatetime
    last: AwareDatetime
    samples: int
    furthest: float


class Infinite(BaseModel):
    """The samples of a series that are infinite, which is no level: both ends included, `total` are all in the window.

    Something was divided by zero, or has no limit.
    """

    model_config = ConfigDict(frozen=True)

    value: Literal["+Inf", "-Inf", "+Inf or -Inf"]
    first: AwareDatetime
    last: AwareDatetime
    samples: int
    total: int


class SeriesFact(Fact):
    """One metric series. `subject` is `service metric{labels}`; `points` are [Unix seconds, value or null].

    `step` is how far the level moved inside the window, over how far it usually moves in such a time; 0 if unknown.
    `since` is the earliest moment at which the change may have begun, where that is known; the onset is the latest.
    """

    kind: Literal["series"] = "series"
    service: str
    metric: str
    unit: str = ""
    labels: dict[str, str] = {}
    direction: Literal["up", "down", "flat"]
    anomaly: str = "none"
    baseline: float | None
    current: float | None
    peak: float | None
    onset: AwareDatetime | None = None
    since: AwareDatetime | None = Field(default=None, exclude_if=_is_empty)
    ended: AwareDatetime | None = None
    effect: float = 0.0
    score: float = 0.0
    step: float = 0.0
    sparkline: str = ""
    spikes: list[Spike] = Field(default_factory=list, exclude_if=_is_empty)
    infinite: Infinite | None = Field(default=None, exclude_if=_is_empty)
    points: Points = Points()


class LogFact(Fact):
    """One log template of one service. `exemplar` is a whole line; `baseline_count` is before the onset."""

    kind: Literal["log"] = "log"
    template: Untrusted
    count: int
    baseline_count: int | None = None
    first_seen: AwareDatetime | None = None
    last_seen: AwareDatetime | None = None
    severity: str = ""
    novelty: float = 0.0
    is_error: bool = False
    user_written: bool = False
    exemplar: Untrusted = ""
    trace_ids: list[str] = []


class OperationFact(Fact):
    """One operation in the traces. `subject` is `service operation`; times in seconds, errors as shares.

    `by_way_of` are the services through which its failing calls came and its good ones did not. `repeats` is how many
    times as often as before it calls the same below it, each time; 0 where it calls nothing again and again.
    `version_contrast` says through which new version of a service its calls go wrong, and how they went before it.
    """

    kind: Literal["operation"] = "operation"
    service: str
    operation: str
    count: int
    p50_before_s: float | None = None
    p50_after_s: float | None = None
    p95_before_s: float | None = None
    p95_after_s: float | None = None
    self_before_s: float | None = None
    self_after_s: float | None = None
    errors_before: float | None = None
    errors_after: float | None = None
    error: Untrusted = ""
    is_error_root: bool = False
    notes: list[str] = []
    trace_id: str = ""
    by_way_of: list[str] = []
    repeats: float = 0.0
    version_contrast: str = ""


class BehaviourFact(Fact):
    """How unlike itself the traces show a service; `subject` is its name and every figure is 0 to 1 but `growth`.

    `own` and `on_the_way` are shares of all the time that calls take more than usual: spent in the service itself,
    and lost between it and its `peers`; `growth` is its own extra time over its usual time. `changed` is how surely
    its operations do other things than before; `notes` say which.
    """

    kind: Literal["behaviour"] = "behaviour"
    strength: float
    own: float = 0.0
    growth: float = 0.0
    on_the_way: float = 0.0
    peers: list[str] = []
    changed: float = 0.0
    notes: list[Untrusted] = []


class AlertFact(Fact):
    """One alert. `subject` is the service it names, or its own name where it names none."""

    kind: Literal["alert"] = "alert"
    name: str
    severity: str
    fired_at: AwareDatetime
    resolved_at: AwareDatetime | None = None
    metric: str = ""
    threshold: float | None = None
    observed: float | None = None
    summary: Untrusted = ""


class DiffLine(BaseModel):
    """A line of a stored diff, numbered from 0, that speaks for or against the change as a cause."""

    model_config = ConfigDict(frozen=True)

    file: str
    line: int
    text: Untrusted
    speaks: Literal["for", "against"]


class ScoreComponent(BaseModel):
    """One named part of a score: how much it adds (or takes, below zero) and why."""

    model_config = ConfigDict(frozen=True)

    name: str
    contribution: float
    reason: str = ""
    lines: list[DiffLine] = []


class ChangeFact(Fact):
    """One change. `subject` is the service it acts on; `label` is the sha, the flag, the key or the provider.

    `repository` is where a commit lies, as its source calls it, and `files` of a flag are where it was read.
    `at` is when it took effect, None where nobody recorded that; `written_at` is when a commit was written,
    which proves no order.
    """

    kind: Literal["change"] = "change"
    change: ChangeKind
    label: str
    repository: str = Field(default="", exclude_if=_is_empty)
    at: AwareDatetime | None = None
    written_at: AwareDatetime | None = None
    author: str = ""
    message: Untrusted = ""
    files: list[str] = []
    before: Untrusted = ""
    after: Untrusted = ""
    diff: list[Untrusted] = []
    score: float = 0.0
    probability: float = 0.0
    remedy: str = ""
    components: list[ScoreComponent] = []


class RangeFact(Fact):
    """What a deployment of `subject` changed in history; `came` and `left` are hashes of commits, oldest first.

    Where `is_whole` is false there may be more, and `why` says what is uncertain.
    """

    kind: Literal["range"] = "range"
    at: AwareDatetime
    before: str
    after: str
    version: str = ""
    relation: Relation
    came: list[str] = []
    left: list[str] = []
    is_whole: bool = True
    why: str = ""


class RankingFact(Fact):
    """How likely it is that no change explains the symptom of `subject`, with the reasons in logits."""

    kind: Literal["ranking"] = "ranking"
    onset: AwareDatetime | None = None
    none_probability: float
    none_reasons: list[ScoreComponent] = []
    remedy: str = ""


class EdgeFact(Fact):
    """`subject` depends on `callee`."""

    kind: Literal["edge"] = "edge"
    callee: str
    found_in: str
    calls: int = 0


class ServiceFact(Fact):
    """Where a service stands in the topology. `victims` are those that depend on it, nearest first."""

    kind: Literal["service"] = "service"
    callers: list[str] = []
    callees: list[str] = []
    victims: list[str] = []


class TextFact(Fact):
    """Text as a cluster printed it, one entry a line."""

    kind: Literal["text"] = "text"
    asked: str
    lines: list[Untrusted]


class LineProof(BaseModel):
    """A line elsewhere in the same investigation, by what was asked for, its number from 0 and its words."""

    model_config = ConfigDict(frozen=True)

    asked: str
    line: int
    quote: Untrusted
    subject: str


class ConditionFact(Fact):
    """A fault found in cluster state. `subject` is `app/NAME`, `node/NAME` or `namespace/NAME`."""

    kind: Literal["condition"] = "condition"
    cause: str
    mechanism: str
    family: str
    still_present: bool
    score: float
    probability: float
    support: list[LineProof] = []
    against: list[LineProof] = []


class RunbookFact(Fact):
    """A passage of a runbook. `subject` is the runbook's name; `ref` is where a vector database holds it."""

    kind: Literal["runbook"] = "runbook"
    heading: str
    quote: Untrusted
    score: float
    risk: str = ""
    owner: str = ""
    version: str = ""
    ref: str = Field(default="", exclude_if=_is_empty)


class IncidentFact(Fact):
    """A past incident that resembles this one. `subject` is the service that was blamed, `told` the whole in a line.

    The similarity (0 to 1) of one whose explanation people rejected is negative. `why` says what the two have in
    common, `at` is where its window began, `state` how its incident stands where it belongs to one.
    """

    kind: Literal["incident"] = "incident"
    incident: str
    cause: str
    similarity: float
    standing: Standing = Field(default="", exclude_if=_is_empty)
    told: Untrusted = Field(default="", exclude_if=_is_empty)
    why: list[Untrusted] = Field(default=[], exclude_if=_is_empty)
    at: AwareDatetime | None = Field(default=None, exclude_if=_is_empty)
    remedy: str = Field(default="", exclude_if=_is_empty)
    state: str = Field(default="", exclude_if=_is_empty)


class HunkFact(Fact):
    """A hunk of a diff that an earlier investigation read. `subject` is its commit, cut short, and its file.

    `service` is the one that the commit acts on, `ref` where a vector database holds it.
    """

    kind: Literal["hunk"] = "hunk"
    service: str
    label: str
    file: str
    message: Untrusted = ""
    text: list[Untrusted]
    written_at: AwareDatetime | None = None
    score: float
    ref: str = Field(default="", exclude_if=_is_empty)


class AbsenceFact(Fact):
    """Nothing came back for what was asked. `known` says whether the thing exists at all outside the question."""

    kind: Literal["absence"] = "absence"
    asked: str
    known: bool
    reason: str


class NameFact(Fact):
    """Something that exists and could be asked for."""

    kind: Literal["name"] = "name"
    asked: str


class NoteFact(Fact):
    """What a person wrote down. Never enough alone."""

    kind: Literal["note"] = "note"
    author: str
    text: Untrusted


AnyFact = Annotated[
    SeriesFact
    | LogFact
    | OperationFact
    | BehaviourFact
    | AlertFact
    | ChangeFact
    | RangeFact
    | RankingFact
    | EdgeFact
    | ServiceFact
    | TextFact
    | ConditionFact
    | RunbookFact
    | IncidentFact
    | HunkFact
    | AbsenceFact
    | NameFact
    | NoteFact,
    Field(discriminator="kind"),
]
