"""Where services lead, out of endpoint slices or the older endpoints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from rootline.sources.kubernetes.columns import NONE, born
from rootline.sources.kubernetes.raw import Raw

MOST_SHOWN = 40
_MOST_READ = 1_000
_SERVICE = "kubernetes.io/service-name"


@dataclass(frozen=True, slots=True)
class Led:
    """Where one slice of a service leads."""

    namespace: str
    service: str
    addresses: tuple[str, ...]
    age: str


def led(held: Raw, now: datetime) -> Led:
    """The ready addresses of an endpoint slice, or of the older endpoints."""
    service = held.pairs("metadata", "labels").get(_SERVICE) or held.name
    addresses = _of_slice(held) if held.at("endpoints").held is not None else _of_subsets(held)
    return Led(held.namespace, service, tuple(islice(addresses, _MOST_READ)), born(held, now))


def endpoint_rows(held: Sequence[Led]) -> list[list[str]]:
    """One row for each service: its name, its addresses, its age."""
    by_service: dict[tuple[str, str], list[Led]] = {}
    for one in held:
        by_service.setdefault((one.namespace, one.service), []).append(one)
    return [
        [service, _told([address for one in parts for address in one.addresses]), parts[0].age]
        for (_, service), parts in sorted(by_service.items(), key=lambda one: one[0])
    ]


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
