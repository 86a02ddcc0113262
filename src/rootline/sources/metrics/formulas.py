"""A formula: one number that the backend computes from several of what an exporter tells."""

from dataclasses import dataclass
from string import Template


@dataclass(frozen=True, kw_only=True)
class Formula:
    """One number, computed by the backend.

    Attributes:
        name: Under which it is shown and asked for; its words tell the view, and `utilisation` is a share of a whole.
        promql: `$by` stands for the grouping clause, `$s` for matchers of the service, `$r` for the range of a rate.
        needs: The stored metrics without which there is none; the first tells whose it is.
        unit: Of the values.

    """

    name: str
    promql: str
    needs: tuple[str, ...]
    unit: str

    def written(self, grouping: str, matchers: str, rate_s: int) -> str:
        """Write the expression; `matchers` is empty or ends with a comma."""
        return Template(self.promql).substitute(by=grouping, s=matchers, r=f"{rate_s}s")


def ratio(name: str, promql: str, *needs: str) -> Formula:
    """Compute a share from 0 to 1."""
    return Formula(name=name, promql=promql, needs=needs, unit="ratio")


def share(name: str, part: str, whole: str) -> Formula:
    """Compute how much of a limit is used, at its worst; nothing where there is no limit."""
    return ratio(name, f"max $by ({part}{{$s}} / ({whole}{{$s}} > 0))", part, whole)


def rate(name: str, metric: str, unit: str = "1/s") -> Formula:
    """Count how often a second, of all series together."""
    return Formula(name=name, promql=f"sum $by (rate({metric}{{$s}}[$r]))", needs=(metric,), unit=unit)


def most(name: str, metric: str, unit: str = "") -> Formula:
    """Take the highest of all series."""
    return Formula(name=name, promql=f"max $by ({metric}{{$s}})", needs=(metric,), unit=unit)


def least(name: str, metric: str, unit: str = "") -> Formula:
    """Take the lowest of all series."""
    return Formula(name=name, promql=f"min $by ({metric}{{$s}})", needs=(metric,), unit=unit)
