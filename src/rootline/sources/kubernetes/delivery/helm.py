"""Helm: releases as it keeps them in Secrets. Of values only the names of keys and hashes leave this file.

Source: helm.sh, storage driver `secrets`: type `helm.sh/release.v1`, gzip in base64 in base64, or plain JSON.
`info.deleted` is when `helm uninstall` began; the record stays with `--keep-history`, and in the middle of any
uninstalling.
"""

import zlib
from base64 import b64decode
from binascii import Error
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rootline.domain.change import ChangeSet, ConfigChange
from rootline.sources.kubernetes.delivery.delivered import Delivered, commit_in, told, uninstalled
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.sealing import Seal
from rootline.sources.kubernetes.templates import flat
from rootline.sources.parsing import parse

TYPE = "helm.sh/release.v1"
MOST_UNPACKED = 8 * 2**20
MOST_KEYS = 300
_GZIP, _MAGIC = 16 + zlib.MAX_WBITS, b"\x1f\x8b\x08"
_GOING = {"uninstalled": "uninstalled", "uninstalling": "uninstalling, or failed to"}
_PENDING = frozenset({"pending-install", "pending-upgrade", "pending-rollback"})
"""It is being applied, or whoever applied it went away in the middle."""
_RAN = frozenset({"deployed", "superseded", "failed", *_PENDING, *_GOING})
_UNSAID = frozenset({"deployed", "superseded", *_GOING})
_MOST_DIGITS = 12


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A release's revision as its Secret's labels tell it."""

    namespace: str
    release: str
    revision: int
    status: str
    secret: str
    at: datetime


def kept(secret: Raw) -> Kept | None:
    """Read the labels of a Secret; None where they are not Helm's."""
    labels = secret.pairs("metadata", "labels")
    number, stamp = labels.get("version", ""), labels.get("modifiedAt", "")
    born = secret.moment("metadata", "creationTimestamp")
    is_time = stamp.isascii() and stamp.isdecimal() and len(stamp) <= _MOST_DIGITS
    at = datetime.fromtimestamp(int(stamp), tz=UTC) if is_time else born
    if labels.get("owner") != "helm" or not labels.get("name") or at is None or not number.isdecimal():
        return None
    return Kept(
        namespace=secret.namespace,
        release=labels["name"],
        revision=int(number[:9]),
        status=labels.get("status", ""),
        secret=secret.name,
        at=at,
    )


def worth_reading(listed: Iterable[Kept], since: datetime, most: int) -> list[Kept]:
    """The revisions made since a moment, the latest first to stay, each with the one before it.

    A revision's labels change when it is superseded, so that the one before counts as changed too.
    """
    releases: dict[tuple[str, str], list[Kept]] = defaultdict(list)
    for one in listed:
        if one.status in _RAN:
            releases[one.namespace, one.release].append(one)
    found: list[Kept] = []
    for held in releases.values():
        ordered = sorted(held, key=lambda one: one.revision)
        late = next((place for place, one in enumerate(ordered) if one.at >= since - timedelta(seconds=1)), None)
        found += ordered[max(late - 1, 0) :] if late is not None else []
    return sorted(found, key=lambda one: one.at)[-most:]


def unpacked(secret: Raw, seal: Seal) -> Raw:
    """A release without its values, its chart's text and its manifest; nothing where it cannot be read."""
    body = secret.at("data", "release").held
    try:
        packed = b64decode(b64decode(body if isinstance(body, str) else ""))
        whole = Raw(_read(packed))
    except (Error, ValueError, zlib.error):
        return Raw(None)
    if not whole.at("chart"):
        return Raw(None)
    values = flat(whole.at("config"))
    marks = {path: seal.mark(value) for _, (path, value) in zip(range(MOST_KEYS), values, strict=False)}
    chart = {key: whole.text("chart", "metadata", key) for key in ("name", "version", "appVersion")}
    info = {key: whole.text("info", key) for key in ("status", "description", "last_deployed", "deleted")}
    return Raw({"name": whole.text("name"), "version": whole.number("version"), "chart": chart, **info, "keys": marks})


def _read(packed: bytes) -> object:
    """A release as it is packed; old ones are plain JSON."""
    if not packed.startswith(_MAGIC):
        return parse(bytearray(packed[:MOST_UNPACKED]))
    unpacking = zlib.decompressobj(_GZIP)
    text = bytearray(unpacking.decompress(packed, MOST_UNPACKED))
    return parse(text) if unpacking.eof else None


def of_releases(releases: Iterable[tuple[Kept, Raw]]) -> ChangeSet:
    """Each revision of each release as a deployment, each value that it changed by its key, and its uninstalling."""
    by_release: dict[tuple[str, str], list[tuple[Kept, Raw]]] = defaultdict(list)
    for one, held in releases:
        by_release[one.namespace, one.release].append((one, held))
    sets = [_told(name, pairs) for (_, name), pairs in by_release.items()]
    return ChangeSet(
        deployments=tuple(one for held in sets for one in held.deployments),
        configs=tuple(one for held in sets for one in held.configs),
    )


def _told(name: str, pairs: list[tuple[Kept, Raw]]) -> ChangeSet:
    ordered = sorted(pairs, key=lambda pair: pair[0].revision)
    whole = told("helm", name, name, [_delivered(one, held) for one, held in ordered])
    gone = (_uninstalled(one, held) for one, held in ordered if one.status in _GOING)
    return ChangeSet(deployments=whole.deployments, configs=(*whole.configs, *gone))


def _delivered(one: Kept, held: Raw) -> Delivered:
    back = held.text("description") if "ollback" in held.text("description") else ""
    return Delivered(
        at=held.moment("last_deployed") or one.at,
        commit=commit_in(held.text("chart", "appVersion")),
        version=_version(one, held, "" if one.status in _UNSAID else one.status, back[:60]),
        settings=dict(held.pairs("keys")),
    )


def _uninstalled(one: Kept, held: Raw) -> ConfigChange:
    """Tell when a revision was taken away; where no sound time is kept, it is that of the record's last writing."""
    began, ended = held.moment("last_deployed"), held.moment("deleted")
    at = ended if ended is not None and (began is None or ended >= began) else one.at
    return uninstalled("helm", one.release, one.release, _version(one, held), at, _GOING[one.status])


def _version(one: Kept, held: Raw, *said: str) -> str:
    chart = held.at("chart")
    what = f"{chart.text('name')} {chart.text('version')}".strip() or "an unreadable chart"
    return f"{what} ({', '.join(part for part in (f'revision {one.revision}', *said) if part)})"
