"""What a blackbox probe looks at: a service that is known, or else an address, which is called one and no service."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from urllib.parse import urlsplit

from rootline.domain.signal import Series
from rootline.domain.window import Window
from rootline.errors import ToolFault
from rootline.sources.metrics.catalogue import Catalogue
from rootline.sources.metrics.promql import by
from rootline.sources.metrics.service_labels import LONGEST_NAME, candidates
from rootline.sources.prometheus import Prometheus
from rootline.sources.remembered import Remembered

METRIC, FAMILY = "probe_success", "probe_"
PROBE = "probe"
"""Of a series: the label that keeps the address; of an address that is no service: what its name begins with."""
_TARGETS = ("target", "instance")
_TOLD = ("service_name", "service", "app_kubernetes_io_name", "app", "k8s_app", "kubernetes_name")
"""Source: the conventions of Prometheus' example configurations and of the Kubernetes recommended labels."""
_OWN = ("blackbox", "exporter", "probe")
_PORTS = {"http": "80", "https": "443"}
Probed = Mapping[str, str]
"""What each probed address is shown as."""


@dataclass(frozen=True)
class Known:
    """What addresses are resolved by: who is scraped at each place, and the names of services."""

    places: Mapping[str, str]
    services: frozenset[str]


class Probes:
    """Names what is probed; asked once a window, and only of a backend that has probes."""

    def __init__(self, api: Prometheus, catalogue: Catalogue, service_label: str = "") -> None:
        self._api, self._catalogue = api, catalogue
        self._label = service_label
        self._read: Remembered[Probed] = Remembered()

    async def shown(self, window: Window) -> Probed:
        """Return what every probed address is shown as; nothing where the backend cannot read the question."""
        if METRIC not in await self._catalogue.meters(window):
            return {}
        try:
            return await self._read.once(window, lambda: self._shown(window))
        except ToolFault:
            return {}

    async def looked_up(self, window: Window) -> Probed:
        """Return the same for who does not know whether there are probes: where there are none, two small questions.

        Raises:
            SourceFailed: The backend gave no usable answer.
            ToolFault: It cannot read the question.

        """
        return await self._read.once(window, lambda: self._shown(window))

    async def addresses(self, service: str, window: Window) -> list[str]:
        """Return the addresses that are shown under a name, in order."""
        return sorted(address for address, shown in (await self.shown(window)).items() if shown == service)

    async def _shown(self, window: Window) -> Probed:
        told = tuple(label for label in (self._label, *_TOLD) if label)
        found = await self._labels(METRIC, (*_TARGETS, *told, "job"), window)
        if not found:
            return {}
        named = {address_of(one): _service(one, told) for one in found if address_of(one)}
        scraped = await self._labels("up", ("instance", *candidates("up", self._label)), window)
        known = _known(scraped, await self._catalogue.services(window), found)
        return {address: service or shown_as(address, known) for address, service in named.items()}

    async def _labels(self, metric: str, labels: Sequence[str], window: Window) -> list[dict[str, str]]:
        asked = f"group {by(list(dict.fromkeys(labels)))} ({metric})"
        ends = [await self._api.instant(asked, at) for at in (window.start, window.end)]
        return [labels for end in ends for labels, _ in end]


def renamed(found: Iterable[Series], probed: Probed) -> list[Series]:
    """Return series of probes as of what is probed; the label `probe` keeps the address, which tells two apart."""
    return [_renamed(one, probed) if one.metric.startswith(FAMILY) else one for one in found]


def _renamed(one: Series, probed: Probed) -> Series:
    shown = probed.get(one.service)
    return replace(one, service=shown, labels={**one.labels, PROBE: one.service}) if shown else one


def shown_as(address: str, known: Known) -> str:
    """Return the service that answers at an address, or the address as one that is probed."""
    host, port = _place(address)
    place = f"{host}:{port}"
    by_place = known.places.get(place, "")
    if by_place:
        return by_place
    by_name = next((name for name in _names(host) if name in known.services), "")
    return by_name or f"{PROBE}:{place if port else host}"[:LONGEST_NAME]


def _names(host: str) -> list[str]:
    """Return what a service may be called that answers under a host's name: all of it, or its first part."""
    try:
        ip_address(host)
    except ValueError:
        return [host, host.partition(".")[0]]
    return []


def _place(address: str) -> tuple[str, str]:
    """Return host and port of an address, in whichever way a probe is given one; an unknown port is empty."""
    written = address if "://" in address else f"//{address}"
    try:
        parts = urlsplit(written)
        host, port = parts.hostname or "", str(parts.port or "")
    except ValueError:
        return address.lower(), ""
    return host or address.lower(), port or _PORTS.get(parts.scheme, "")


def address_of(labels: Mapping[str, str]) -> str:
    """Return the address that labels tell of; empty where none does."""
    return next((labels[label] for label in _TARGETS if 0 < len(labels.get(label, "")) <= LONGEST_NAME), "")


def _service(labels: Mapping[str, str], told: Collection[str]) -> str:
    """Return the service that a probe's own labels name; the exporter that probes is none."""
    named = next((labels[label] for label in told if labels.get(label)), "")
    return "" if is_exporter(named) or len(named) > LONGEST_NAME else named


def is_exporter(service: str) -> bool:
    """Whether a name is that of what probes, rather than of a service that is probed."""
    return any(word in service.lower() for word in _OWN)


def _known(scraped: Iterable[Mapping[str, str]], services: Iterable[str], probed: Iterable[Mapping[str, str]]) -> Known:
    """Gather who is scraped where; the jobs that probe say nothing of who answers."""
    jobs, places = {one.get("job", "") for one in probed}, dict[str, str]()
    for one in scraped:
        service = next((one[label] for label in candidates("up") if one.get(label)), "")
        if service and one.get("instance") and one.get("job", "") not in jobs:
            places[":".join(_place(one["instance"]))] = service
    return Known(places=places, services=frozenset({*services, *places.values()}) - jobs)
