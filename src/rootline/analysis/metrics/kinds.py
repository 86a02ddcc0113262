"""What a change is called."""

from rootline.analysis.metrics.finding import Direction, Kind

# Source: Google, Site Reliability Engineering (2016), chapter 6, "The Four Golden Signals": many systems degrade
# before they reach 100 % utilisation. The mark itself is ours.
_FULL = 0.9
_FULL_OF_UNIT = {"ratio": _FULL, "percent": 100 * _FULL}


def kind_of(
    *, changed: bool, broken: bool, rises: bool, gradual: bool, baseline: float, reached: float, unit: str
) -> Kind:
    """Name a change.

    Args:
        changed: Whether there is one at all.
        broken: Whether only the pattern changed and the level held.
        rises: Its direction.
        gradual: Whether it climbs over many samples instead of stepping.
        baseline: Level before, in `unit`.
        reached: Level after, in `unit`; of a climb, its top.
        unit: `ratio` and `percent` have a full mark at 90 %, other units have none.

    """
    if not changed:
        return "none"
    if broken:
        return "pattern_break"
    full = _FULL_OF_UNIT.get(unit)
    if full is not None and baseline < full <= reached <= full / _FULL:
        return "threshold_breach"
    if gradual:
        return "trend_change"
    return "spike" if rises else "drop"


def direction_of(*, changed: bool, rises: bool) -> Direction:
    """Up or down for a change, flat without one."""
    if not changed:
        return "flat"
    return "up" if rises else "down"
