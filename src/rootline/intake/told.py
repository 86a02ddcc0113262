"""What a payload comes to, whoever sent it: notices and changes, under the vendor's own keys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from rootline.domain.notice import Notice, NoticeState, ReportedChange
from rootline.errors import RootlineError
from rootline.intake.keys import key_of
from rootline.sources.alerts.wire import alert, rule_of

MOST_NOTICES = 5000
MOST_LABELS = 64
CLOCK_SKEW = timedelta(minutes=5)
"""Source: ours; whatever a vendor's clock says, nothing began later than this after we heard of it."""
CLUSTER_LABELS = (
    "cluster",
    "cluster_name",
    "k8s_cluster",
    "k8s_cluster_name",
    "kubernetes_cluster",
    "kube_cluster_name",
)
_ENVIRONMENT = ("environment", "env", "deployment_environment")
_NAMESPACE = ("namespace", "kubernetes_namespace", "k8s_namespace_name", "kube_namespace", "exported_namespace")
_HOST = ("node", "host", "hostname", "nodename")
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


class BadPayload(RootlineError):
    """A payload is not what its vendor documents; nothing of it was stored."""


class Loose(BaseModel):
    """A part of a vendor's payload: what is not named is left aside, and what is null counts as not there."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: object) -> object:
        return {key: value for key, value in given.items() if value is not None} if isinstance(given, dict) else given


@dataclass(frozen=True, kw_only=True)
class Told:
    """One payload. `key` is the same for the same delivery.

    `remark` says why it tells of nothing, where it does, and `lost` what of it could not be read or was not sent.
    """

    key: str
    notices: tuple[Notice, ...] = ()
    changes: tuple[ReportedChange, ...] = ()
    remark: str = ""
    lost: str = ""


Reader = Callable[[Any, datetime], Told]
HeadedReader = Callable[[Mapping[str, str], Any, datetime], Told]
Part = TypeVar("Part", bound=BaseModel)


def read_as(kind: type[Part], body: Any, vendor: str) -> Part:
    """Read a payload, or raise BadPayload that names the first field that is wrong."""
    try:
        return kind.model_validate(body)
    except ValidationError as bad:
        first = bad.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(step) for step in first["loc"])[:120] or "the whole"
        raise BadPayload(
            f"This is no payload of {vendor}: {where}: {first['msg'][:200]}. docs/intake.md says what is read."
        ) from bad


def notice(
    vendor: str,
    labels: Mapping[str, str],
    annotations: Mapping[str, str],
    *,
    key: str,
    fingerprint: str,
    state: NoticeState,
    fired_at: datetime,
    at: datetime,
    received_at: datetime,
    link: str = "",
    suppressed: str = "",
) -> Notice:
    """Make a notice of an alert's labels and annotations; every text is cut, and no moment lies in the future."""
    kept = dict([*labels.items()][:MOST_LABELS])
    one = alert(kept, annotations, fired_at=fired_at, resolved_at=None, expression=rule_of(link))
    begun, since = (_sane(moment, received_at) for moment in (fired_at, at))
    return Notice(
        key=key,
        vendor=vendor,
        fingerprint=key_of(vendor, fingerprint),
        state=state,
        at=max(begun, since),
        fired_at=begun,
        name=one.name,
        service=one.service[:300],
        severity=one.severity,
        summary=one.summary,
        cluster=in_environment(_first(kept, CLUSTER_LABELS), _first(kept, _ENVIRONMENT)),
        namespace=_first(kept, _NAMESPACE),
        host=_first(kept, _HOST),
        labels=dict(one.labels),
        link=link[:1000],
        suppressed=suppressed[:300],
    )


def in_environment(cluster: str, environment: str) -> str:
    """Write where an alert is; the environment alone is no cluster."""
    return f"{cluster}/{environment}" if environment else cluster


def _sane(moment: datetime, received_at: datetime) -> datetime:
    return received_at if not _EARLIEST <= moment <= received_at + CLOCK_SKEW else moment


def _first(labels: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((labels[name][:300] for name in names if labels.get(name)), "")


def cut_off(count: int, setting: str) -> str:
    """Say that a vendor kept alerts back, which are known to nobody else; empty where it kept none."""
    if count <= 0:
        return ""
    return f"{count} more alerts of this group were not sent: set {setting} of the webhook to 0, which means all."


def sentences(*parts: str) -> str:
    """Join sentences, some of which may be empty."""
    return " ".join(part for part in parts if part)


def refuse_too_many(count: int) -> None:
    """Raise BadPayload for more alerts than are taken at once."""
    if count > MOST_NOTICES:
        raise BadPayload(f"{count} alerts came at once, and at most {MOST_NOTICES} are taken. Send fewer at once.")
