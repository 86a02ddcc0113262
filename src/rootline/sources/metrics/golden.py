"""Which of a backend's many metrics are looked at before anything is known: the golden signals, by their names."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from rootline.analysis.metrics.units import is_up, words
from rootline.analysis.metrics.views import View, view_of
from rootline.domain.signal import Series
from rootline.sources.metrics.expressions import UP
from rootline.sources.metrics.meters import Meter
from rootline.sources.metrics.service_labels import speaks_of_others

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
# Source: the semantic conventions of OpenTelemetry and the instrumentation libraries of Prometheus; what begins so is
# told by services of what they serve, whichever exporters stand beside them.
_CONVENTIONS = frozenset(["http", "grpc", "rpc"])


def golden(known: Iterable[Meter], *, of_one: bool = False) -> list[Meter]:
    """Choose which targets are up, what is computed for known exporters, and at most `MOST` other meters.

    Those are some of each view, served requests first, the tooling's own metrics last, and of names that begin
    differently as many of each as there is room for. What known exporters tell beside that is looked at only where one
    service is asked about.
    """
    every = {meter.name: meter for meter in known}.values()
    always = [meter for meter in every if _is_always_read(meter)]
    told = frozenset[str]() if of_one else frozenset(name for meter in always for name in _told(meter))
    parts = frozenset[str]() if of_one else frozenset(need for meter in always for need in _shared(meter))
    others = [meter for meter in every if _is_usual(meter) and not _is_always_read(meter)]
    usual = [meter for meter in others if meter.raw not in parts and not _begins(meter.raw, told)]
    ordered = _in_turns(sorted(usual, key=_order))
    told_of, tooling = _parted(ordered)
    first = [*_of_each_view(told_of), *_of_each_view(one for one in tooling if view_of(one.name) == "utilisation")]
    taken = {meter.name for meter in first}
    rest = [meter for meter in (*told_of, *_of_each_view(tooling), *tooling) if meter.name not in taken]
    return [*always, *{meter.name: meter for meter in (*first, *rest)}.values()][: len(always) + MOST]


def _parted(ordered: Iterable[Meter]) -> tuple[list[Meter], list[Meter]]:
    """Part what services tell from what the tooling tells of itself; both stay in order."""
    told_of: list[Meter] = []
    tooling: list[Meter] = []
    for meter in ordered:
        (tooling if _family(meter.raw) in _OWN else told_of).append(meter)
    return told_of, tooling


def _of_each_view(ordered: Iterable[Meter]) -> list[Meter]:
    """Take the first of each view, as many as it has room for."""
    found: dict[View, list[Meter]] = {view: [] for view in _SHARES}
    for meter in ordered:
        found[view_of(meter.name)].append(meter)
    return [meter for view, share in _SHARES.items() for meter in found[view][:share]]


def counted(chosen: Iterable[Meter], most: int) -> list[Meter]:
    """Choose the counters whose share of failures is worth reading, requests before all else that is counted.

    How often a histogram measured something comes after counters proper, and what counts failures itself last.
    """
    rates = [meter for meter in chosen if meter.manner == "rate"]
    return sorted(rates, key=_worth)[:most]


def _worth(meter: Meter) -> tuple[bool, bool, bool, bool, int]:
    view = view_of(meter.name)
    return view == "errors", meter.raw.endswith("_count"), view != "rate", *_order(meter)[:2]


def _is_always_read(meter: Meter) -> bool:
    return meter.formula is not None or meter.raw == UP


def _is_usual(meter: Meter) -> bool:
    return meter.is_usual and not meter.raw.startswith(_INTERNAL)


def of_their_subjects(found: Iterable[Series], looked_at: Iterable[Meter]) -> list[Series]:
    """Leave out what exporters tell of themselves, which harms nobody, where any of what they watch was read."""
    read = [(one, _family(one.metric)) for one in found]
    of_exporters = {meter.name: speaks_of_others(meter.raw) for meter in looked_at if _told(meter)}
    if not any(one.metric in of_exporters for one, _ in read):
        return [one for one, _ in read]
    watched = {one.service for one, _ in read if of_exporters.get(one.metric) is False}
    serving = {one.service for one, family in read if family not in _OWN and not is_up(one.metric)} - watched
    return [one for one, family in read if family not in _OWN or one.metric in of_exporters or one.service in serving]


def _told(meter: Meter) -> frozenset[str]:
    """What the names begin with that an exporter tells beside this number of it; nothing where it is no exporter's."""
    return meter.formula.tells if meter.formula is not None else frozenset()


def _shared(meter: Meter) -> tuple[str, ...]:
    """What is used and how much there is, where the share of a whole is computed, which tells more than either."""
    return meter.formula.needs if meter.formula is not None and meter.unit == "ratio" else ()


def _family(name: str) -> str:
    """What a name begins with, which is mostly the exporter's or the library's own."""
    return next(iter(words(name)), "")


def _begins(name: str, told: Collection[str]) -> bool:
    """Whether a name begins with the words of any of those: `response_packet` begins `response_packet_cache_hits`."""
    parts = words(name)
    return any("_".join(parts[:many]) in told for many in range(1, len(parts) + 1))


def _order(meter: Meter) -> tuple[bool, int, str]:
    family = _family(meter.raw)
    standing = 0 if family in _CONVENTIONS else 1 if _SERVED.intersection(words(meter.name)) else 2
    return family in _OWN, standing, meter.name


def _in_turns(ordered: Sequence[Meter]) -> list[Meter]:
    """Put the first of each view and family first, then the second of each, and so on."""
    seen: Counter[tuple[View, str]] = Counter()
    turns = []
    for meter in ordered:
        key = view_of(meter.name), _family(meter.raw)
        turns.append((_order(meter)[:2], seen[key], meter))
        seen[key] += 1
    return [meter for _, _, meter in sorted(turns, key=lambda one: one[:2])]
