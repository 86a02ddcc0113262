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
        tells: What the names of its exporter's metrics begin with, of which formulas tell enough until more is asked.

    """

    name: str
    promql: str
    needs: tuple[str, ...]
    unit: str
    tells: frozenset[str] = frozenset()

    def written(self, grouping: str, matchers: str, rate_s: int) -> str:
        """Write the expression; `matchers` is empty or ends with a comma."""
        return Template(self.promql).substitute(by=grouping, s=matchers, r=f"{rate_s}s")
