"""What a file of an exporter holds: its signals, each with what it means and how it is read."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from rootline.analysis.metrics.ceilings import is_success
from rootline.analysis.metrics.harm import more_is_better
from rootline.analysis.metrics.units import guess_unit
from rootline.analysis.metrics.views import View, view_of
from rootline.errors import ToolFault
from rootline.sources.metrics.formulas import Formula
from rootline.sources.metrics.promql import LONGEST_NAME, bounded

Means = Literal["up", "full", "slow", "failing", "waiting", "busy", "enough"]
_VIEWS: Mapping[Means, frozenset[View]] = {
    "up": frozenset({"errors"}),
    "full": frozenset({"utilisation"}),
    "slow": frozenset({"duration"}),
    "failing": frozenset({"errors"}),
    "waiting": frozenset({"saturation"}),
    "busy": frozenset({"rate", "utilisation", "other"}),
    "enough": frozenset(get_args(View)),
}
_LESS_HURTS = frozenset({"up", "enough"})
_ENDINGS: Mapping[Means, str] = {
    "up": "_up",
    "full": "_utilisation",
    "slow": "_duration_seconds",
    "failing": "_errors_per_second",
    "waiting": "_queue",
    "busy": "_requests_per_second",
    "enough": "_available",
}
_SELECTOR = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]{0,299})\{\$s(?![a-z])")
_WAYS = ("rate", "most", "least", "share", "promql")
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,79}$")]
Metric = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z_:][a-zA-Z0-9_:]*$", max_length=LONGEST_NAME)]


class Signal(BaseModel):
    """One number that is read of an exporter.

    Attributes:
        name: Under which it is shown and asked for; its words say the same as `means`, since it is all that is shown.
        means: `up` (1 or 0), how `full` (0 to 1), `slow` or `failing` it is, what is `waiting`, how `busy` it is, or
            whether there is `enough`, of which less hurts.
        rate: A counter, of which all series a second are added up.
        most: A gauge, of which the highest counts.
        least: A gauge, of which the lowest counts.
        share: Two gauges: how much is used, and of how much; at its worst, and nothing where there is no limit.
        promql: Any other expression: `$by` for the grouping, `$s` in each selector, `$r` for the range of a rate.
        unit: Of the values; told by the name if it is left out.

    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    means: Means
    rate: Metric = ""
    most: Metric = ""
    least: Metric = ""
    share: tuple[Metric, Metric] | None = None
    promql: str = ""
    unit: Annotated[str, StringConstraints(max_length=20)] = ""

    @model_validator(mode="after")
    def _is_read_in_one_way(self) -> Self:
        given = [way for way in _WAYS if getattr(self, way)]
        if len(given) != 1:
            raise ValueError(f"say in exactly one way how it is read, with one of {', '.join(_WAYS)}")
        if not _SELECTOR.search(self._written()):
            raise ValueError("name a metric with its matchers, such as my_metric{$s}")
        try:
            bounded(self.formula(frozenset()).written("by (job)", 'job="x",', 60))
        except (KeyError, ValueError) as bad:
            raise ValueError("after $ comes by, s or r; write $$ for a $ of your own") from bad
        except ToolFault as fault:
            raise ValueError(str(fault)) from fault
        return self

    @model_validator(mode="after")
    def _is_called_what_it_means(self) -> Self:
        less = more_is_better(self.name) or is_success(self.name)
        if view_of(self.name) not in _VIEWS[self.means] or less != (self.means in _LESS_HURTS):
            raise ValueError(
                f"the name {self.name!r} reads like {_read_as(self.name, less=less)!r}, and it means {self.means!r}. "
                f"Let its words say so, such as {self.name.split('_', maxsplit=1)[0]}{_ENDINGS[self.means]}"
            )
        return self

    def formula(self, tells: frozenset[str]) -> Formula:
        """Return it as what the backend computes, for an exporter whose metrics' names begin so."""
        written = self._written()
        unit = self.unit or ("ratio" if self.means == "full" else guess_unit(self.name))
        needs = tuple(dict.fromkeys(_SELECTOR.findall(written)))
        return Formula(name=self.name, promql=written, needs=needs, unit=unit, tells=tells)

    def _written(self) -> str:
        if self.share is not None:
            return f"max $by ({self.share[0]}{{$s}} / ({self.share[1]}{{$s}} > 0))"
        if self.rate:
            return f"sum $by (rate({self.rate}{{$s}}[$r]))"
        if self.most or self.least:
            return f"max $by ({self.most}{{$s}})" if self.most else f"min $by ({self.least}{{$s}})"
        return self.promql


def _read_as(name: str, *, less: bool) -> Means:
    """Say what a name is taken to mean, by its words."""
    if less:
        return "enough"
    return next(means for means, views in _VIEWS.items() if view_of(name) in views and means not in _LESS_HURTS)


def _in_order(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Exporter(BaseModel):
    """What one exporter tells.

    Attributes:
        exporter: What it is called.
        names: With which words the names of all its metrics begin, one or several. What it tells beside its signals is
            then looked at only where one service is asked about.
        signals: What is read of it. Of two with one name the first is read whose metrics there are.

    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    exporter: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    names: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,40}(_[a-z0-9]{1,40}){0,5}$")], ...],
        BeforeValidator(_in_order),
    ] = ()
    signals: Annotated[tuple[Signal, ...], Field(max_length=60)]

    @model_validator(mode="after")
    def _tells_something(self) -> Self:
        if not self.signals:
            raise ValueError("name at least one signal")
        return self

    def formulas(self) -> tuple[Formula, ...]:
        """Return its signals as what the backend computes."""
        return tuple(one.formula(frozenset(self.names)) for one in self.signals)
