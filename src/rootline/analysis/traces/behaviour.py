"""Which services behave unlike themselves: they lose time, or no longer do what they did."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rootline.analysis.traces.forest import Forest
from rootline.analysis.traces.lost_time import LostTime, Places, lost_time
from rootline.analysis.traces.minutes import Minutes
from rootline.analysis.traces.periods import Periods
from rootline.analysis.traces.structure import Calls, Change, structure

_MOST_CHANGES = 4
_NOTHING = LostTime()


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """How unlike itself one service behaves; `strength` and `changed` are 0 to 1.

    Attributes:
        time: Where its calls lose time.
        changed: How surely its operations do other things than before.
        changes: The clearest of them, strongest first.

    """

    service: str
    time: LostTime
    changed: float
    changes: tuple[Change, ...]

    @property
    def strength(self) -> float:
        """Both together."""
        return 1 - (1 - self.time.strength) * (1 - self.changed)


def behaviours(forest: Forest, periods: Periods) -> list[Behaviour]:
    """Describe every service that behaves unlike itself, the strongest first; needs spans before the onset."""
    starts = np.array(forest.starts, dtype=np.float64)
    minutes = Minutes.split(starts, periods)
    times: dict[str, LostTime] = {}
    changes: dict[tuple[object, object], Change] = {}
    places, calls = Places.read(forest), Calls.read(forest)
    for part in minutes.latest(starts) if minutes.count > 1 else ():
        for service, lost in lost_time(places, part).items():
            times[service] = max(lost, times.get(service, _NOTHING), key=lambda one: one.strength)
        for one in structure(calls, part):
            known = changes.get((one.operation, one.child))
            changes[one.operation, one.child] = one if known is None or one.strength > known.strength else known
    found = _joined(times, _by_service(changes.values()))
    return sorted((one for one in found if one.strength > 0), key=lambda one: (-one.strength, one.service))


def _by_service(changes: Iterable[Change]) -> Mapping[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for one in sorted(changes, key=lambda change: (-change.strength, change.operation, change.child)):
        found.setdefault(one.service, []).append(one)
    return found


def _joined(times: Mapping[str, LostTime], changes: Mapping[str, Sequence[Change]]) -> Iterator[Behaviour]:
    for service in {*times, *changes}:
        yield Behaviour(
            service=service,
            time=times.get(service, _NOTHING),
            changed=_joint(changes.get(service, ())),
            changes=tuple(changes.get(service, ())[:_MOST_CHANGES]),
        )


def _joint(changes: Sequence[Change]) -> float:
    left = 1.0
    for one in changes[:_MOST_CHANGES]:
        left *= 1.0 - one.strength
    return 1.0 - left
