"""Changes that someone reports: deployments, configuration keys and feature flags, one or many at once."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from rootline.domain.moment import Moment
from rootline.domain.notice import ReportedChange
from rootline.intake.keys import key_of
from rootline.intake.partly import written
from rootline.intake.told import CLOCK_SKEW, BadPayload, Loose, Told, read_as

VENDOR = "changes"
MOST_CHANGES = 500
_UNTOLD = {"cluster"}
"""What is left out of a change's key where it is not told, so that the key is that of former deliveries."""
LONGEST_VALUE = 2000
_Name = Annotated[str, Field(min_length=1, max_length=300)]


def _written(value: object) -> object:
    return "" if value is None else written(value)


_Value = Annotated[str, BeforeValidator(_written), Field(max_length=LONGEST_VALUE)]


class _Change(Loose):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(default="", max_length=300)
    service: _Name
    at: Moment | None = None
    actor: str = Field(default="", max_length=300)
    cluster: str = Field(default="", max_length=200)


class _Deployment(_Change):
    kind: Literal["deployment"]
    commit: str = Field(default="", max_length=100)
    previous_commit: str = Field(default="", max_length=100)
    version: str = Field(default="", max_length=300)


class _Config(_Change):
    kind: Literal["config"]
    key: _Name
    before: _Value = ""
    after: _Value = ""


class _Flag(_Change):
    kind: Literal["flag"]
    flag: _Name
    before: _Value = ""
    after: _Value = ""


class _Payload(Loose):
    model_config = ConfigDict(extra="forbid", frozen=True)

    changes: list[Annotated[_Deployment | _Config | _Flag, Field(discriminator="kind")]] = Field(
        min_length=1, max_length=MOST_CHANGES
    )


def read(body: Any, received_at: datetime) -> Told:
    """Read one change or `{"changes": [...]}`. A change without a time took effect when it was reported.

    Its key is its `id`; without one it is everything that it says, so that the same words twice are one change.
    """
    whole = {"changes": [body]} if isinstance(body, dict) and "changes" not in body else body
    changes = tuple(_change(one, received_at) for one in read_as(_Payload, whole, "changes").changes)
    return Told(key=key_of(VENDOR, *sorted(one.key for one in changes)), changes=changes)


def _change(one: _Deployment | _Config | _Flag, received_at: datetime) -> ReportedChange:
    if one.at is not None and one.at > received_at + CLOCK_SKEW:
        raise BadPayload(f"A change of {one.service!r} is said to take effect at {one.at}, which has not come yet.")
    key = (
        key_of(VENDOR, one.kind, one.id)
        if one.id
        else key_of(VENDOR, one.kind, one.model_dump_json(exclude=_UNTOLD if not one.cluster else None))
    )
    kept = ReportedChange(
        key=key, kind=one.kind, at=one.at or received_at, service=one.service, actor=one.actor, cluster=one.cluster
    )
    if isinstance(one, _Deployment):
        return kept.model_copy(update={"before": one.previous_commit, "after": one.commit, "version": one.version})
    name = one.key if isinstance(one, _Config) else one.flag
    return kept.model_copy(update={"name": name, "before": one.before, "after": one.after})
