"""Metrics of a live Prometheus, Thanos, Mimir or VictoriaMetrics."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from rootline.analysis.metrics.units import words
from rootline.domain.signal import Series
from rootline.domain.window import Window
from rootline.errors import ToolFault
from rootline.sources.failure import SourceFailed
from rootline.sources.links import note
from rootline.sources.matrix import Row, Steps, as_series, distinct, merged, merged_infinite, steps
from rootline.sources.metrics.catalogue import Catalogue
from rootline.sources.metrics.exporters.library import built_in
from rootline.sources.metrics.expressions import failing, grouped, single, worst
from rootline.sources.metrics.formulas import Formula
from rootline.sources.metrics.golden import counted, golden, of_their_subjects
from rootline.sources.metrics.large import MOST_JOINED, Look, looked_at, tell_of_the_rest, times_fewer
from rootline.sources.metrics.meters import Meter, error_ratio
from rootline.sources.metrics.probes import FAMILY, Probes, renamed
from rootline.sources.metrics.promql import bounded
from rootline.sources.metrics.service_labels import candidates, service_of
from rootline.sources.metrics.source import MetricQuery
from rootline.sources.metrics.unborn import counted_from_the_start
from rootline.sources.prometheus import Prometheus, seen_at
from rootline.sources.remembered import Remembered

MOST_SERIES = 150
"""Source: ours; with 480 samples each as much as one answer may hold."""
RATIOS = 8
CHOICES = 5
"""Source: ours; a backend may name four times as many dead metrics as are looked at, and all who live have a place."""
COARSER = 8
EXPRESSION_SHOWN = 120
USUAL_SCRAPE_S = 60
RATE_SAMPLES = 4
"""Source: Prometheus, "rate()": the range should hold at least four scrapes."""
LEAST_RATE_S = 10
"""Source: ours; over less than that the few requests of a small service make rates and quantiles jump."""
LEAST_EMPTY = 0.1
RECENT = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """One query: the window it is about, the longer one that is read, and at which moments.

    `addresses` are those at which the service in question is probed.
    """

    query: MetricQuery
    window: Window
    whole: Window
    steps: Steps
    rate_s: int
    least_rate_s: int = 0
    addresses: Sequence[str] = ()

    def is_of(self, service: str) -> bool:
        """Whether it asks about a service, or about all."""
        return self.query.service in {"", service} or service in self.addresses

    def rate_of(self, meter: Meter) -> int:
        """Return the range of a rate in seconds; CPU time grows evenly, so that its rate needs no long one."""
        return self.least_rate_s or self.rate_s if "cpu" in words(meter.raw) else self.rate_s

    def coarser(self, factor: int) -> "_Asked":
        """Return the same question at fewer moments, each rate over the time up to the moment before."""
        if factor == 1:
            return self
        fewer = self.steps.coarser(factor)
        longest, least = (max(one, fewer.step_s) for one in (self.rate_s, self.least_rate_s))
        return replace(self, steps=fewer, rate_s=longest, least_rate_s=least)


class PrometheusMetrics:
    """Reads metrics by service: each counter as a rate, each histogram as quantiles, each gauge as it stands.

    With `has_history` every series also holds as much again before the window, as its normal state. Of a backend
    that is younger than the window its whole life is read, at as many moments. `formulas` are what is known of
    exporters; those that ship with Rootline if they are not named.
    """

    runs_promql = True

    def __init__(
        self,
        api: Prometheus,
        *,
        name: str = "prometheus",
        service_label: str = "",
        least_step_s: int = 15,
        has_history: bool = False,
        most_joined: int = MOST_JOINED,
        formulas: Sequence[Formula] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
    ) -> None:
        self.name = name
        self._most_joined = most_joined
        self._api = api
        known = built_in() if formulas is None else formulas
        self._catalogue = Catalogue(api, formulas=known, service_label=service_label)
        self._probes = Probes(api, self._catalogue, service_label)
        self._service_label = service_label
        self._least_step_s = least_step_s
        self._has_history = has_history
        self._clock = clock
        self._last: Window | None = None
        self._reads: Remembered[Sequence[Series]] = Remembered()

    async def series(self, query: MetricQuery, window: Window) -> Sequence[Series]:
        """Return the matching series; the golden signals of every service when no metric is named."""
        self._last = window
        labels = tuple(sorted(query.labels.items()))
        key = (query.service, query.metric, labels, query.aggregate, query.expression, window)
        return await self._reads.once(key, lambda: self._series(query, window))

    async def names(self, service: str) -> Sequence[tuple[str, str]]:
        """Return what a service has, or the golden signals of all; metrics of neither stand under `*`."""
        window = self._whole(self._last or Window(start=self._clock() - RECENT, end=self._clock()))
        if service:
            return sorted((service, meter.name) for meter in await self._of_service(service, window))
        known = (await self._catalogue.meters(window)).values()
        chosen = golden(known)
        probed = await self._probes.shown(window)
        pairs = [(probed.get(owner, owner), name) for owner, name in await self._catalogue.owners(chosen, window)]
        looked_at = {meter.name for meter in chosen}
        rest = {("*", meter.name) for meter in known if meter.is_usual and meter.name not in looked_at}
        return sorted({*pairs, *rest})

    async def _of_service(self, service: str, window: Window) -> list[Meter]:
        """Return what can be read of a service, also by the addresses at which it is probed."""
        names = [service, *await self._probes.addresses(service, window)]
        found = [meter for one in names for meter in await self._catalogue.of_service(one, window)]
        return list({meter.name: meter for meter in found}.values())

    def _whole(self, window: Window) -> Window:
        return Window(start=window.start - window.duration, end=window.end) if self._has_history else window

    async def _series(self, query: MetricQuery, window: Window) -> Sequence[Series]:
        asked_for = self._whole(window)
        since = await self._catalogue.since(asked_for)
        scrape_s = await self._catalogue.scrape_s(_from(window, since))
        rate_s = max(RATE_SAMPLES * (scrape_s or USUAL_SCRAPE_S), LEAST_RATE_S)
        is_young = _from(asked_for, since) != asked_for
        filled = since + timedelta(seconds=rate_s) if is_young else asked_for.start
        whole = _from(asked_for, filled)
        own = steps(_from(window, filled), least_s=scrape_s or self._least_step_s)
        moments = steps(whole, least_s=own.step_s, points=2 * own.count)
        rate_s = max(rate_s, moments.step_s)
        least = max(RATE_SAMPLES * (scrape_s or USUAL_SCRAPE_S), moments.step_s)
        asked = _Asked(query=query, window=window, whole=whole, steps=moments, rate_s=rate_s, least_rate_s=least)
        if query.service and not query.expression:
            asked = replace(asked, addresses=await self._probes.addresses(query.service, whole))
        if query.expression:
            found = await self._raw(bounded(query.expression), asked)
        else:
            found = await self._one(asked) if query.metric else await self._look(asked)
        if any(one.metric.startswith(FAMILY) for one in found):
            found = renamed(found, await self._probes.shown(whole))
        return sorted(found, key=lambda one: (one.service, one.metric, tuple(sorted(one.labels.items()))))

    async def _raw(self, expression: str, asked: _Asked) -> list[Series]:
        """Read an expression of the model's own."""
        many = await self._catalogue.count(expression, asked.window)
        if many > MOST_SERIES:
            raise ToolFault(
                f"The PromQL returns {many:,} series, and at most {MOST_SERIES} are read. "
                "Join them, such as sum by (service) (…), or name more labels."
            )
        moments, found = await self._range(expression, asked, expression)
        shown = " ".join(expression.split())[:EXPRESSION_SHOWN]
        series = (
            self._as_series(row, labels, moments, asked, metric=row.labels.get("__name__") or shown)
            for row, labels in zip(found, distinct(found), strict=True)
        )
        return [one for one in series if one is not None]

    async def _one(self, asked: _Asked) -> list[Series]:
        """Read one metric: each series for itself where they are few, else by service."""
        meter, bad = await self._named(asked)
        choices = await self._choices(meter, asked) if meter else []
        if meter is None or not choices:
            return []
        if asked.query.aggregate or meter.manner in {"error_ratio", "formula"}:
            return await self._grouped(meter, asked, choices, bad)
        expression = " or ".join(single(meter, equal, asked.rate_of(meter)) for equal in choices)
        if await self._catalogue.count(expression, asked.window) > MOST_SERIES:
            return await self._grouped(meter, await self._affordable(meter, asked), choices, bad)
        moments, found = await self._range(expression, asked, meter.name)
        told = distinct(found, always=asked.query.labels)
        series = (
            self._as_series(row, labels, moments, asked, metric=meter.name, unit=meter.unit, raw=meter.raw)
            for row, labels in zip(found, told, strict=True)
        )
        return [one for one in series if one is not None and asked.is_of(one.service)]

    async def _affordable(self, meter: Meter, asked: _Asked) -> _Asked:
        """Ask for fewer moments of a metric that has very many series and is not narrowed to some of them."""
        if asked.query.service or asked.query.labels:
            return asked
        sizes = await self._catalogue.sizes([meter], asked.window)
        return asked.coarser(times_fewer(round(sizes.get(meter.stored, 0)), asked.steps.count, self._most_joined))

    async def _named(self, asked: _Asked) -> tuple[Meter | None, Mapping[str, str]]:
        """Find the meter that was asked for by name, and how failed events are told if it is a share of them."""
        known, name = await self._catalogue.meters(asked.whole), asked.query.metric
        counted = known.get(f"{name.removesuffix('_error_ratio')}_per_second")
        if name in known or counted is None or not name.endswith("_error_ratio"):
            return known.get(name), {}
        bad = failing(await self._catalogue.labels_of(counted.raw, asked.whole))
        return (error_ratio(counted) if bad else None), bad

    async def _look(self, asked: _Asked) -> list[Series]:
        """Read the golden signals side by side; what fails is left out unless everything does."""
        service = asked.query.service
        known = await self._catalogue.meters(asked.whole)
        if service:
            chosen, sizes = golden(await self._of_service(service, asked.whole), of_one=True), dict[str, float]()
        else:
            chosen, sizes = await self._of_all(list(known.values()), asked)
        look = looked_at(chosen, sizes, asked.steps.count, self._most_joined)
        found = counted_from_the_start(_what_came_back(await self._looks(look, asked), look))
        return found if service else of_their_subjects(found, chosen)

    async def _of_all(self, known: Sequence[Meter], asked: _Asked) -> tuple[list[Meter], dict[str, float]]:
        """Choose what is looked at of all services, with how many series each has at the end of the window.

        What has none there may have had some before; what had none in all that is read leaves its place to others.
        """
        sizes, empty = dict[str, float](), frozenset[str]()
        for _ in range(CHOICES):
            chosen = golden(known)
            new = [meter for meter in chosen if meter.stored not in sizes]
            sizes |= dict.fromkeys((meter.stored for meter in new), 0.0)
            sizes |= await self._catalogue.sizes(new, asked.window)
            doubtful = [meter for meter in new if not sizes[meter.stored] and meter.formula is None]
            empty = await self._catalogue.without_samples(doubtful, asked.whole)
            known = [meter for meter in known if meter.stored not in empty]
            if not empty:
                break
        return [meter for meter in chosen if meter.stored not in empty], sizes

    async def _looks(self, look: Look, asked: _Asked) -> dict[str, list[Series] | SourceFailed | ToolFault]:
        """Read each meter of a look, and of the first rates the share of failures, by the name of what is read."""
        rates = counted((meter for meter, _ in look.read), RATIOS)
        reads = {meter.name: self._golden(meter, asked.coarser(fewer)) for meter, fewer in look.read}
        reads |= {
            error_ratio(meter).name: self._ratio(meter, asked.coarser(fewer))
            for meter, fewer in look.read
            if meter in rates
        }
        return dict(zip(reads, await asyncio.gather(*(_settled(read) for read in reads.values())), strict=True))

    async def _golden(self, meter: Meter, asked: _Asked) -> list[Series]:
        return await self._grouped(meter, asked, await self._choices(meter, asked), {})

    async def _ratio(self, meter: Meter, asked: _Asked) -> list[Series]:
        bad = failing(await self._catalogue.labels_of(meter.raw, asked.whole))
        return await self._grouped(error_ratio(meter), asked, await self._choices(meter, asked), bad) if bad else []

    async def _grouped(
        self, meter: Meter, asked: _Asked, choices: Sequence[Mapping[str, str]], bad: Mapping[str, str]
    ) -> list[Series]:
        """Read a meter once for each service."""
        if not choices:
            return []
        query, labels = asked.query, candidates(meter.raw, self._service_label)
        written = [
            grouped(meter, equal, asked.rate_of(meter), labels, aggregate=query.aggregate, bad=bad) for equal in choices
        ]
        moments, found = await self._range(" or ".join(written), asked, meter.name)
        join = query.aggregate or {"rate": "sum", "gauge": worst(meter.name)}.get(meter.manner, "max")
        values = merged(found, lambda row: service_of(meter.raw, row, self._service_label)[1], join)
        infinite = merged_infinite(found, lambda row: service_of(meter.raw, row, self._service_label)[1])
        series = (
            as_series(
                one,
                moments,
                asked.window,
                service=service,
                metric=meter.name,
                unit=meter.unit,
                labels={},
                infinite=infinite.get(service) if query.metric else None,
            )
            for service, one in values.items()
            if asked.is_of(service) and (service or query.metric)
        )
        return [one for one in series if one is not None]

    async def _choices(self, meter: Meter, asked: _Asked) -> list[Mapping[str, str]]:
        """Return the label values that select the service: one mapping for each label that may name it."""
        query = asked.query
        if not query.service:
            return [query.labels]
        carriers = await self._catalogue.carriers(query.service, meter.raw, asked.whole)
        own: list[Mapping[str, str]] = [{**query.labels, label: query.service} for label in carriers]
        if not meter.raw.startswith(FAMILY):
            return own
        return own + [
            {**query.labels, label: one}
            for one in asked.addresses
            for label in await self._catalogue.carriers(one, meter.raw, asked.whole)
        ]

    async def _range(self, expression: str, asked: _Asked, about: str) -> tuple[Steps, list[Row]]:
        """Evaluate over the window; an answer that is too large is asked for again at fewer moments."""
        note("metrics", seen_at(self._api.backend, expression, asked.whole), about)
        try:
            return asked.steps, await self._api.range(expression, asked.steps)
        except SourceFailed as failed:
            if not failed.is_too_large:
                raise
        fewer = asked.steps.coarser(COARSER)
        return fewer, await self._api.range(expression, fewer)

    def _as_series(
        self,
        row: Row,
        labels: Mapping[str, str],
        moments: Steps,
        asked: _Asked,
        *,
        metric: str,
        unit: str = "",
        raw: str = "",
    ) -> Series | None:
        label, service = service_of(raw or metric, row.labels, self._service_label)
        told = {key: value for key, value in labels.items() if key != label}
        return as_series(
            row.values,
            moments,
            asked.window,
            service=service,
            metric=metric,
            unit=unit,
            labels=told,
            infinite=row.infinite,
        )


def _from(window: Window, since: datetime) -> Window:
    """Leave out a beginning from which there is nothing, where that is worth it."""
    is_worth_it = since - window.start > window.duration * LEAST_EMPTY
    return Window(start=since, end=window.end) if is_worth_it and since < window.end else window


async def _settled(read: Awaitable[list[Series]]) -> list[Series] | SourceFailed | ToolFault:
    """Return what a read came to, a failure without the answer that it came from."""
    try:
        return await read
    except SourceFailed as failed:
        return failed.bare()
    except ToolFault as fault:
        return ToolFault(str(fault))


def _what_came_back(answers: Mapping[str, list[Series] | SourceFailed | ToolFault], look: Look) -> list[Series]:
    """Return what was read, and tell of the rest; raise the first failure where nothing was."""
    failed = {name: one for name, one in answers.items() if isinstance(one, (SourceFailed, ToolFault))}
    if failed and len(failed) == len(answers):
        raise next(iter(failed.values()))
    tell_of_the_rest(look, failed)
    return [series for one in answers.values() if not isinstance(one, (SourceFailed, ToolFault)) for series in one]
