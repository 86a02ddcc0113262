"""What can be read from the raw metric names of a backend: each as a rate, a quantile, a mean or as it stands."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rootline.analysis.metrics.units import guess_unit
from rootline.sources.metrics.formulas import Formula

Manner = Literal["gauge", "rate", "quantile", "mean", "error_ratio", "formula"]
QUANTILES = {"p50": "0.5", "p95": "0.95", "p99": "0.99"}
_PARTS = ("_bucket", "_count", "_sum", "_created")
_MEASURED = frozenset({"s", "ms", "bytes"})
_ENDINGS = (*_PARTS, "_total", "_info", "_max", "_min", "_limit", "_time_seconds", "_timestamp_seconds")


@dataclass(frozen=True, kw_only=True)
class Meter:
    """One thing that can be read.

    Attributes:
        name: Under which it is shown and asked for.
        manner: How it is read from the raw metric.
        raw: The metric as the backend stores it, without `_bucket` or `_sum`.
        unit: Of the values as they are read.
        quantile: For the manner `quantile`, as PromQL writes it.
        is_usual: Whether it is looked at without being asked for.
        formula: For the manner `formula`, what the backend computes.
        is_native: Whether it is read of a native histogram, which is one series and has no `_bucket` or `_count`.

    """

    name: str
    manner: Manner
    raw: str
    unit: str
    quantile: str = ""
    is_usual: bool = True
    is_native: bool = False
    formula: Formula | None = None

    @property
    def stored(self) -> str:
        """The stored metric whose series are selected."""
        ending = "" if self.is_native else {"quantile": "_bucket", "mean": "_count"}.get(self.manner, "")
        return f"{self.raw}{ending}"


def meters(
    names: Iterable[str], natives: Collection[str] = (), formulas: Sequence[Formula] = ()
) -> Mapping[str, Meter]:
    """Return what can be read, by the name it is shown under; a raw counter's name finds its rate too.

    `natives` are those of the names that are native histograms. Of `formulas` with one name the first is read whose
    metrics there are.
    """
    known = frozenset(names)
    found = {one.name: _computed(one) for one in reversed(formulas) if known.issuperset(one.needs)}
    found |= {meter.name: meter for name in sorted(natives) for meter in _native(name)}
    for name in sorted(known.difference(natives)):
        for meter in _of(name, known):
            found.setdefault(meter.name, meter)
            if meter.manner == "rate":
                found.setdefault(meter.raw, found[meter.name])
    return found


def _computed(formula: Formula) -> Meter:
    return Meter(name=formula.name, manner="formula", raw=formula.needs[0], unit=formula.unit, formula=formula)


def may_be_native(names: Iterable[str]) -> list[str]:
    """Return the names, in order, that a native histogram may have: of a duration or size, and nothing's part."""
    known = frozenset(names)
    alone = (name for name in sorted(known) if guess_unit(name) in _MEASURED and not name.endswith(_ENDINGS))
    return [name for name in alone if f"{name}_bucket" not in known and f"{name}_count" not in known]


def error_ratio(meter: Meter) -> Meter:
    """Return the share of failed events among those that a rate counts."""
    name = meter.name.removesuffix("_per_second")
    return Meter(
        name=f"{name}_error_ratio", manner="error_ratio", raw=meter.raw, unit="ratio", is_native=meter.is_native
    )


def _of(name: str, known: frozenset[str]) -> Iterator[Meter]:
    stem = next((name.removesuffix(part) for part in _PARTS if name.endswith(part)), "")
    if stem and f"{stem}_bucket" in known:
        if name.endswith("_bucket"):
            yield from _histogram(stem, known)
    elif stem and f"{stem}_count" in known and f"{stem}_sum" in known:
        if name.endswith("_count"):
            yield Meter(name=f"{stem}_mean", manner="mean", raw=stem, unit=guess_unit(stem))
            yield _rate(name, stem)
    elif name.endswith(("_total", "_count", "_sum")):
        yield _rate(name, name.removesuffix("_total"))
    elif not name.endswith(("_created", "_info", "_bucket")) and not name.startswith("ALERTS"):
        yield Meter(name=name, manner="gauge", raw=name, unit=guess_unit(name))


def _histogram(stem: str, known: frozenset[str]) -> Iterator[Meter]:
    yield from _quantiles(stem)
    if f"{stem}_count" in known:
        yield _rate(f"{stem}_count", stem)
    if f"{stem}_count" in known and f"{stem}_sum" in known:
        yield Meter(name=f"{stem}_mean", manner="mean", raw=stem, unit=guess_unit(stem))


def _native(name: str) -> Iterator[Meter]:
    yield from _quantiles(name, is_native=True)
    yield Meter(name=f"{name}_count_per_second", manner="rate", raw=name, unit="1/s", is_native=True)


def _quantiles(stem: str, *, is_native: bool = False) -> Iterator[Meter]:
    for name, quantile in QUANTILES.items():
        yield Meter(
            name=f"{stem}_{name}",
            manner="quantile",
            raw=stem,
            unit=guess_unit(stem),
            quantile=quantile,
            is_usual=name == "p99",
            is_native=is_native,
        )


def _rate(raw: str, shown: str) -> Meter:
    unit = "count" if raw.endswith("_count") else guess_unit(raw)
    return Meter(name=f"{shown}_per_second", manner="rate", raw=raw, unit=f"{'1' if unit == 'count' else unit}/s")
