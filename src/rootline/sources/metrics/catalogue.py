"""What a Prometheus-like backend holds in a window: metrics, services, and which belong together."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import isfinite

from rootline.domain.window import Window
from rootline.errors import ToolFault
from rootline.sources.failure import SourceFailed
from rootline.sources.metrics.expressions import are_native
from rootline.sources.metrics.formulas import Formula
from rootline.sources.metrics.golden import golden
from rootline.sources.metrics.meters import Meter, may_be_native, meters
from rootline.sources.metrics.promql import any_of, by, is_metric_name, quoted, selector
from rootline.sources.metrics.service_labels import candidates, every_candidate, service_of
from rootline.sources.prometheus import AT_ONCE, Prometheus
from rootline.sources.remembered import Remembered
from rootline.sources.together import together

_LOOK_S = 600
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_LOOKS = 240
"""Source: ours; as many as a series has points, so that the beginning is found to within one of them."""
MOST_NATIVE = 40
"""Source: ours; of so many the question still fits into an address."""
_ALIKE = 20
"""Source: ours; a twentieth of a window is half of the emptiness at its beginning that is worth to be left out."""
Known = Mapping[str, Meter]
_OF_PLACES = frozenset({"instance", "target", "node", "pod"})


class Catalogue:
    """Answers what exists; each question of one window is asked once.

    How long a backend has been there, how often it looks and how many series an expression has is asked once for
    windows that end at about the same time.
    """

    def __init__(self, api: Prometheus, *, formulas: Sequence[Formula], service_label: str = "") -> None:
        self._api = api
        self._formulas = formulas
        self._service_label = service_label
        self._known: Remembered[Known] = Remembered()
        self._labels: Remembered[Sequence[str]] = Remembered()
        self._values: Remembered[frozenset[str]] = Remembered(kept=64)
        self._began: Remembered[datetime | None] = Remembered(keeps=bool)
        self._scrapes: Remembered[int] = Remembered(keeps=bool)
        self._counts: Remembered[int] = Remembered(kept=64, keeps=bool)

    async def meters(self, window: Window) -> Known:
        """Return everything that can be read, by the name it is shown under."""
        return await self._known.once(window, lambda: self._read_meters(window))

    async def _read_meters(self, window: Window) -> Known:
        stored = await self._api.label_values("__name__", window.start, window.end)
        names = [name for name in stored if is_metric_name(name)]
        return meters(names, await self._natives(may_be_native(names), window), self._formulas)

    async def _natives(self, names: Sequence[str], window: Window) -> Collection[str]:
        """Return those that are native histograms; a backend that knows none of them cannot run the query."""
        if not 0 < len(names) <= MOST_NATIVE:
            return ()
        try:
            found = await self._api.instant(are_native(names), window.end)
        except ToolFault:
            return ()
        return {labels.get("native", "") for labels, value in found if value > 0}

    async def since(self, window: Window) -> datetime:
        """Return when samples begin inside a window, told by the targets' own `up`.

        The window's start where that is not told, and where something was measured before the first `up`: what is
        pushed, backfilled or written from elsewhere has none.
        """
        began = await self._began.once(_about(window), lambda: self._found_first(window))
        return window.start if began is None or began >= window.end else max(window.start, began)

    async def _found_first(self, window: Window) -> datetime | None:
        """Return the first `up` in a window; the least there is when that is at its very beginning."""
        step = max(1, round(window.duration.total_seconds()) // _LOOKS)
        roughly = await self._first(window, step)
        if roughly is None or step == 1:
            return roughly
        if roughly <= window.start + timedelta(seconds=step):
            return _LONG_AGO
        before = Window(start=roughly - timedelta(seconds=step), end=roughly + timedelta(seconds=1))
        first = await self._first(before, 1) or roughly
        return _LONG_AGO if await self._measured(window, first - timedelta(seconds=1)) else first

    async def _measured(self, window: Window, at: datetime) -> bool:
        """Whether anything that is looked at first in a window has a sample of the minutes before a moment."""
        chosen = golden((await self.meters(window)).values())
        found = await self._api.instant(f"count({{__name__=~{_any_of(chosen)}}})", at) if chosen else []
        return any(value > 0 for _, value in found)

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
        return await self._scrapes.once((look, *_about(window)), lambda: self._told_scrape_s(window, look))

    async def _told_scrape_s(self, window: Window, look: int) -> int:
        found = await self._api.instant(f"quantile(0.5, count_over_time(up[{look}s]))", window.end)
        counts = [value for _, value in found if isfinite(value) and value >= 1]
        return max(1, round(look / counts[0])) if counts else 0

    async def count(self, expression: str, window: Window) -> int:
        """Return how many series an expression has at the end of a window."""
        return await self._counts.once((expression, *_about(window)), lambda: self._counted(expression, window))

    async def _counted(self, expression: str, window: Window) -> int:
        found = await self._api.instant(f"count({expression})", window.end)
        return round(max((value for _, value in found), default=0.0))

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

    async def services(self, window: Window) -> frozenset[str]:
        """Return every value of a label that names services, but those of places, which name machines and addresses."""
        exist = set(await self.labels_of("", window))
        labels = [one for one in every_candidate(self._service_label) if one in exist and one not in _OF_PLACES]
        values = await together((self._values_of(label, window) for label in labels), at_once=AT_ONCE)
        return frozenset(one for found in values for one in found)

    async def sizes(self, chosen: Sequence[Meter], window: Window) -> dict[str, float]:
        """Return how many series each stored metric has at the end of the window."""
        if not chosen:
            return {}
        found = await self._api.instant(f"count by (__name__) ({{__name__=~{_any_of(chosen)}}})", window.end)
        return {labels.get("__name__", ""): value for labels, value in found}

    async def without_samples(self, doubtful: Sequence[Meter], window: Window) -> frozenset[str]:
        """Return which stored metrics have no sample in a window; none where the backend cannot say so.

        A backend names what its blocks hold, which may be hours longer than the window.
        """
        if not doubtful:
            return frozenset()
        length = max(1, round(window.duration.total_seconds()))
        asked = f"count by (__name__) (last_over_time({{__name__=~{_any_of(doubtful)}}}[{length}s]))"
        try:
            found = await self._api.instant(asked, window.end)
        except (SourceFailed, ToolFault):
            return frozenset()
        there = {labels.get("__name__", "") for labels, _ in found}
        return frozenset() if "" in there else frozenset(meter.stored for meter in doubtful) - there

    async def labels_of(self, metric: str, window: Window) -> Sequence[str]:
        """Return the names of a metric's labels."""
        return await self._labels.once(
            (metric, window), lambda: self._api.label_names(metric and selector(metric, {}), window.start, window.end)
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


def _about(window: Window) -> tuple[int, int]:
    """Return a key that windows share which are as long as each other and end at about the same time."""
    length = max(_ALIKE, round(window.duration.total_seconds()))
    return length, int(window.end.timestamp()) // (length // _ALIKE)


def _any_of(chosen: Sequence[Meter]) -> str:
    return any_of(meter.stored for meter in chosen)


def _once(found: Iterable[Meter]) -> list[Meter]:
    return [*{meter.name: meter for meter in found}.values()]
