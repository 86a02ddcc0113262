"""Which of a backend's many metrics are looked at before anything is known: the golden signals, by their names."""

from collections.abc import Iterable, Mapping

from rootline.analysis.metrics.units import words
from rootline.analysis.metrics.views import View, view_of
from rootline.sources.metrics.meters import Meter

MOST = 36
"""Source: ours; as many range queries as a small Prometheus answers within two seconds."""
_SHARES: Mapping[View, int] = {
    "errors": 8,
    "duration": 8,
    "rate": 8,
    "saturation": 6,
    "utilisation": 6,
    "other": 2,
}
_OWN_HOUSE = (
    "go process python promhttp prometheus alertmanager scrape net grafana loki tempo thanos cortex vm vmagent "
    "apiserver rest workqueue kubelet etcd authentication authorization aggregator storage jvm nodejs dotnet flag"
)
_OWN = frozenset(_OWN_HOUSE.split())
# Source: the client libraries of Prometheus; what a runtime says of itself changes with every restart and harms nobody.
_INTERNALS = "python_gc_ python_info go_memstats_ go_sched_ process_virtual_ process_max_ process_start_ scrape_"
_INTERNAL = tuple(_INTERNALS.split())
_SERVING = "http grpc rpc request requests server query queries response client call calls"
_SERVED = frozenset(_SERVING.split())


def golden(known: Iterable[Meter]) -> list[Meter]:
    """Choose at most `MOST` meters: some of each view, served requests first, the tooling's own metrics last."""
    usual = sorted({meter.name: meter for meter in known if _is_usual(meter)}.values(), key=_order)
    chosen: list[Meter] = []
    for view, share in _SHARES.items():
        chosen.extend([meter for meter in usual if view_of(meter.name) == view][:share])
    taken = {meter.name for meter in chosen}
    rest = [meter for meter in usual if meter.name not in taken]
    return [*chosen, *rest][:MOST]


def _is_usual(meter: Meter) -> bool:
    return meter.is_usual and not meter.raw.startswith(_INTERNAL)


def _order(meter: Meter) -> tuple[bool, bool, str]:
    parts = words(meter.name)
    return bool(parts) and parts[0] in _OWN, not _SERVED.intersection(parts), meter.name
