"""Who calls whom, as metrics tell it: service meshes, service graphs, and clients that count their calls by peer."""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address

from rootline.analysis.metrics.units import words
from rootline.domain.signal import TOLD_BY_METRICS, Edge
from rootline.domain.window import Window
from rootline.sources.metrics.promql import by
from rootline.sources.metrics.service_labels import LONGEST_NAME, every_candidate, service_of
from rootline.sources.prometheus import Prometheus

MOST = 5_000
"""Source: ours; more pairs than that are no picture of a system."""
# Source: the documented metrics of Tempo's and the OpenTelemetry collector's service graphs, Istio, Linkerd and Hubble.
_OF_BOTH: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "traces_service_graph_request_total": (("client",), ("server",)),
    "istio_requests_total": (
        ("source_canonical_service", "source_workload", "source_app"),
        ("destination_canonical_service", "destination_workload", "destination_service_name", "destination_app"),
    ),
    "istio_tcp_connections_opened_total": (
        ("source_canonical_service", "source_workload", "source_app"),
        ("destination_canonical_service", "destination_workload", "destination_service_name", "destination_app"),
    ),
    "response_total": (
        ("deployment", "statefulset", "daemonset"),
        ("dst_deployment", "dst_statefulset", "dst_daemonset", "dst_service"),
    ),
    "hubble_http_requests_total": (
        ("source_workload", "source_app", "source"),
        ("destination_workload", "destination_app", "destination"),
    ),
}
# Source: OpenTelemetry's semantic conventions for clients (`peer.service`, `server.address`), Micrometer's
# `client.name`, and what clients that were instrumented by hand call the other side.
_PEERS = (
    *("peer_service", "server_address", "client_name", "peer", "upstream_service", "upstream"),
    *("target_service", "remote_service", "destination_service", "dependency", "callee"),
)
_CLIENTS = ".*client.*_(total|count)"
_NOBODY = frozenset({"unknown", "none", "localhost", "passthroughcluster", "blackholecluster"})
_IN_CLUSTER = ".svc"


class MetricDependencies:
    """Reads dependencies out of a Prometheus-like backend: one question for each window."""

    def __init__(self, api: Prometheus, *, name: str = "prometheus", service_label: str = "") -> None:
        self.name = name
        self._api = api
        self._service_label = service_label

    async def edges(self, window: Window) -> Sequence[Edge]:
        """Return who called whom at the end of the window, ordered by caller and callee.

        Raises:
            SourceFailed: The backend gave no usable answer.

        """
        found = await self._api.instant(self._expression(), window.end)
        pairs = {pair for labels, _ in found[:MOST] for pair in self._pairs(labels)}
        return [Edge(caller=caller, callee=callee, found_in=TOLD_BY_METRICS) for caller, callee in sorted(pairs)]

    def _expression(self) -> str:
        told = (label for ends in _OF_BOTH.values() for labels in ends for label in labels)
        labels = dict.fromkeys(["__name__", *told, *_PEERS, *every_candidate(self._service_label)])
        names = "|".join((*_OF_BOTH, _CLIENTS))
        return f'count {by([*labels])} ({{__name__=~"{names}"}})'

    def _pairs(self, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        metric = labels.get("__name__", "")
        if metric in _OF_BOTH:
            callers, callees = _OF_BOTH[metric]
            caller, callee = _first(labels, callers), _first(labels, callees)
        else:
            is_client = "client" in words(metric)
            caller = service_of(metric, labels, self._service_label)[1] if is_client else ""
            callee = _first(labels, _PEERS)
        if caller and callee and caller != callee:
            yield caller, callee


def _first(labels: Mapping[str, str], names: Sequence[str]) -> str:
    return next((named for name in names if (named := _named(labels.get(name, "")))), "")


def _named(value: str) -> str:
    """The service that a label's value names, without scheme, port and domain of a cluster; empty for an address."""
    host = value.partition("://")[2] or value
    host = host.partition("/")[0]
    plain = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    if _IN_CLUSTER in plain:
        plain = plain.partition(".")[0]
    is_somebody = 0 < len(plain) <= LONGEST_NAME and plain.lower() not in _NOBODY
    return plain if is_somebody and not _is_address(plain) else ""


def _is_address(text: str) -> bool:
    try:
        ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True
