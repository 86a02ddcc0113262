"""What a Prometheus-like backend holds in a window: metrics, services, and which belong together."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import isfinite

from rootline.domain.window import Window
from rootline.sources.meters import Meter, meters
from rootline.sources.prometheus import AT_ONCE, Prometheus
from rootline.sources.promql import by, is_metric_name, quoted
from rootline.sources.remembered import Remembered
from rootline.sources.service_labels import candidates, every_candidate, service_of
from rootline.sources.together import together

_LOOK_S = 600
_LOOKS = 240
"""Source: ours; as many as a series has points, so that the beginning is found to within one of them."""
Known = Mapping[str, Meter]


class Catalogue:
    """Answers what exists; each question of one window is asked once."""

    def __init__(self, api: Prometheus, *, service_label: str = "") -> None:
        self._api = api
        self._service_label = service_label
        self._known: Remembered[Known] = Remembered()
        self._labels: Remembered[Sequence[str]] = Remembered()
        self._values: Remembered[frozenset[str]] = Remembered(kept=64)

    async def meters(self, window: Window) -> Known:
        """Return everything that can be read, by the name it is shown under."""
        return await self._known.once(window, lambda: self._read_meters(window))

    async def _read_meters(self, window: Window) -> Known:
        names = await self._api.label_values("__name__", window.start, window.end)
        return meters(name for name in names if is_metric_name(name))

    async def since(self, window: Window) -> datetime:
        """Return when the targets' own `up` begins inside a window; the window's start where that is not told."""
        step = max(1, round(window.duration.total_seconds()) // _LOOKS)
        roughly = await self._first(window, step)
        if roughly is None or roughly <= window.start or step == 1:
            return roughly or window.start
        before = Window(start=roughly - timedelta(seconds=step), end=roughly + timedelta(seconds=1))
        return await self._first(before, 1) or roughly

    async def _first(self, window: Window, step_s: int) -> datetime | None:
        length = round(window.duration.total_seconds())
        found = await self._api.instant(f"min(min_over_time(timestamp(up)[{length}s:{step_s}s]))", window.end)
        known = [value for _, value in found if isfinite(value)]
        return max(window.start, datetime.fromtimestamp(known[0], UTC)) if known else None

    async def scrape_s(self, window: Window) -> int:
        """Return how many seconds apart samples are, told by the targets' own `up`; zero where it is missing.

        The window holds samples from its beginning on.
        """
        look = max(1, min(_LOOK_S, round(window.duration.total_seconds())))
        found = await self._api.instant(f"quantile(0.5, count_over_time(up[{look}s]))", window.end)
        counts = [value for _, value in found if isfinite(value) and value >= 1]
        return max(1, round(look / counts[0])) if counts else 0

    async def carriers(self, service: str, metric: str, window: Window) -> list[str]:
        """Return the labels by which this metric may name this service, of those that have its name as a value."""
        return await self._carrying(service, candidates(metric, self._service_label), window)

    async def of_service(self, service: str, window: Window) -> list[Meter]:
        """Return what can be read of one service, at the beginning or at the end of the window."""
        labels = await self._carrying(service, every_candidate(self._service_label), window)
        asked = [f"count by (__name__) ({{{label}={quoted(service)}}})" for label in labels]
        stored = {found.get("__name__", "") for found in await self._at_both_ends(asked, window)}
        return _once(meter for meter in (await self.meters(window)).values() if meter.stored in stored)

    async def owners(self, chosen: Sequence[Meter], window: Window) -> list[tuple[str, str]]:
        """Return pairs of service and meter, at the beginning or at the end of the window, in order."""
        if not chosen:
            return []
        labels = sorted({label for one in chosen for label in candidates(one.raw, self._service_label)})
        asked = f"count {by(['__name__', *labels])} ({{__name__=~{_any_of(chosen)}}})"
        found = await self._at_both_ends([asked], window)
        shown: dict[str, list[str]] = {}
        for meter in chosen:
            shown.setdefault(meter.stored, []).append(meter.name)
        pairs = {
            (service_of(one.get("__name__", ""), one, self._service_label)[1], name)
            for one in found
            for name in shown.get(one.get("__name__", ""), ())
        }
        return sorted(pair for pair in pairs if pair[0])

    async def sizes(self, chosen: Sequence[Meter], window: Window) -> dict[str, float]:
        """Return how many series each stored metric has at the end of the window."""
        if not chosen:
            return {}
        found = await self._api.instant(f"count by (__name__) ({{__name__=~{_any_of(chosen)}}})", window.end)
        return {labels.get("__name__", ""): value for labels, value in found}

    async def labels_of(self, metric: str, window: Window) -> Sequence[str]:
        """Return the names of a metric's labels."""
        return await self._labels.once(
            (metric, window), lambda: self._api.label_names(metric, window.start, window.end)
        )

    async def _carrying(self, service: str, labels: Sequence[str], window: Window) -> list[str]:
        exist = set(await self.labels_of("", window))
        asked = [label for label in labels if label in exist]
        values = await together((self._values_of(label, window) for label in asked), at_once=AT_ONCE)
        return [label for label, found in zip(asked, values, strict=True) if service in found]

    async def _values_of(self, label: str, window: Window) -> frozenset[str]:
        async def read() -> frozenset[str]:
            return frozenset(await self._api.label_values(label, window.start, window.end))

        return await self._values.once((label, window), read)

    async def _at_both_ends(self, asked: Sequence[str], window: Window) -> list[dict[str, str]]:
        reads = [self._api.instant(one, at) for one in asked for at in (window.start, window.end)]
        return [labels for answer in await together(reads, at_once=AT_ONCE) for labels, _ in answer]


def _any_of(chosen: Sequence[Meter]) -> str:
    return quoted("|".join(sorted({meter.stored for meter in chosen})))


def _once(found: Iterable[Meter]) -> list[Meter]:
    return [*{meter.name: meter for meter in found}.values()]
