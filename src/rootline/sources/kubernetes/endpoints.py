"""Where services lead, out of endpoint slices or the older endpoints."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rootline.sources.kubernetes.columns import NONE, born
from rootline.sources.kubernetes.raw import Raw

MOST_SHOWN = 40
_SERVICE = "kubernetes.io/service-name"


def endpoint_rows(held: Sequence[Raw], now: datetime) -> list[list[str]]:
    """One row for each service: its name, the addresses that are ready, its age."""
    led: dict[tuple[str, str], list[str]] = {}
    ages: dict[tuple[str, str], str] = {}
    for one in held:
        key = one.namespace, one.pairs("metadata", "labels").get(_SERVICE) or one.name
        led.setdefault(key, []).extend(_of_slice(one) if one.at("endpoints").held is not None else _of_subsets(one))
        ages.setdefault(key, born(one, now))
    return [[key[1], _told(led[key]), ages[key]] for key in sorted(led)]


def _told(addresses: list[str]) -> str:
    distinct = sorted(set(addresses))
    more = f" + {len(distinct) - MOST_SHOWN} more..." if len(distinct) > MOST_SHOWN else ""
    return ",".join(distinct[:MOST_SHOWN]) + more or NONE


def _of_slice(one: Raw) -> Iterator[str]:
    ports = [port.text("port") for port in one.each("ports")]
    for endpoint in one.each("endpoints"):
        if endpoint.at("conditions", "ready").held is not False:
            yield from (f"{address}:{port}" for address in endpoint.words("addresses") for port in ports)


def _of_subsets(one: Raw) -> Iterator[str]:
    for subset in one.each("subsets"):
        ports = [port.text("port") for port in subset.each("ports")]
        yield from (f"{address.text('ip')}:{port}" for address in subset.each("addresses") for port in ports)
