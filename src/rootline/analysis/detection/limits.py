"""What is an incident by itself: more failures than any service may have, traffic that stopped, work that piles up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rootline.analysis.detection.board import Board
from rootline.analysis.detection.features import Feature, Limit
from rootline.analysis.detection.piling import most_before, rows_of
from rootline.analysis.detection.policy import Absolute, Piling, Policy, Stopped
from rootline.analysis.detection.signals import UP, is_watched, place_of, signal_of
from rootline.analysis.metrics.ceilings import is_success
from rootline.analysis.metrics.robust import Mask
from rootline.analysis.metrics.units import words
from rootline.domain.signal import Floats

_OF_UNIT = {"ratio": 1.0, "percent": 100.0}
_REFUSED = frozenset({"404", "4xx", "401", "403", "429", "400"})
"""Source: RFC 9110, section 15.5: what the client did wrong."""
_LATEST = 10
"""Source: ours; a rate over some minutes still sinks for as long after traffic stopped."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Limits:
    """A board against the absolute limits of a policy; none of them needs to know what is normal."""

    board: Board
    policy: Policy

    @property
    def _width(self) -> int:
        """How many slots a deviation must last."""
        first = self.policy.windows[0]
        return self.policy.hold * max(1, round(first.bin_s / self.board.step_s))

    @cached_property
    def _rows(self) -> Mapping[str, Sequence[int]]:
        """The rows of each service, by the service."""
        found: dict[str, list[int]] = {}
        for row, one in enumerate(self.board.series):
            found.setdefault(place_of(one), []).append(row)
        return found

    @cached_property
    def _busiest(self) -> Mapping[str, int]:
        """The row of each service that counts most requests, by the service."""
        found: dict[str, tuple[float, int]] = {}
        for row, one in enumerate(self.board.series):
            if one.unit == "1/s" and signal_of(one.metric).view == "rate":
                size = float(np.nan_to_num(self.board.values[row]).sum())
                found[place_of(one)] = max(found.get(place_of(one), (0.0, row)), (size, row))
        return {service: row for service, (_, row) in found.items()}

    def at(self, slot: int) -> list[Feature]:
        """Return what is beyond a limit at a slot and has held; nothing at a later one is looked at."""
        found: list[Feature] = []
        if self.policy.absolute is not None:
            found += self._failing(slot, self.policy.absolute)
        if self.policy.stopped is not None:
            found += self._silent(slot, self.policy.stopped)
        if self.policy.piling is not None:
            found += self._piling(slot, self.policy.piling)
        return found

    def worth_a_look(self) -> Mask:
        """The slots at which anything may be beyond a limit, shape (n,): cheap to tell for a whole board."""
        found: Mask = np.zeros(self.board.times.size, dtype=bool)
        if self.policy.absolute is not None:
            for row, scale in self._shares:
                found |= self.board.values[row] >= self.policy.absolute.error_share * scale
        if self.policy.stopped is not None:
            for row in self._busiest.values():
                rate = self.board.values[row]
                often = float(np.nanmedian(rate)) if np.isfinite(rate).any() else 0.0
                found |= ~(rate > self.policy.stopped.share * often)
        for row, least in self._queues:
            found |= self.board.values[row] >= least
        return found

    @cached_property
    def _queues(self) -> Sequence[tuple[int, float]]:
        """The rows that tell what waits, with how much that must be at least."""
        return [] if self.policy.piling is None else list(rows_of(self.board, self.policy.piling))

    @cached_property
    def _shares(self) -> Sequence[tuple[int, float]]:
        """The rows that tell a share of failures that are the service's own fault, with what their unit calls all."""
        return [
            (row, _OF_UNIT[one.unit])
            for row, one in enumerate(self.board.series)
            if one.unit in _OF_UNIT
            and signal_of(one.metric).view == "errors"
            and is_watched(one.metric)
            and not is_success(one.metric)
            and not _REFUSED.intersection(words(one.metric))
        ]

    def _failing(self, slot: int, limit: Absolute) -> Iterator[Feature]:
        since = max(slot - self._width + 1, 0)
        for row, scale in self._shares:
            one, held = self.board.series[row], self.board.values[row, since : slot + 1]
            busiest, most = self._busiest.get(place_of(one)), limit.error_share * scale
            if busiest is None or held.size < self._width or not (held >= most).all():
                continue
            rate = np.nan_to_num(self.board.values[busiest, since : slot + 1])
            if (rate * held / scale * self.policy.windows[0].bin_s >= limit.failed).all():
                score = self.policy.user_facing.score * float(held.min()) / most
                yield self._feature(slot, row, expected=most, observed=float(held[-1]), score=score, limit="absolute")

    def _silent(self, slot: int, limit: Stopped) -> Iterator[Feature]:
        since = max(slot - self._width, 0)
        for service, row in self._busiest.items():
            rate = self.board.values[row]
            begun = _silent_since(rate[: slot + 1], limit.share)
            before = rate[max(begun - _LATEST - limit.slots, 0) : max(begun - _LATEST, 0)]
            if begun > since or before.size < limit.slots or not np.isfinite(before).all():
                continue
            least, score = float(before.min()), -self.policy.user_facing.score
            if least * self.policy.windows[0].bin_s < limit.least_events:
                continue
            sunk, now = rate[min(begun + _LATEST, since) : slot + 1], rate[since : slot + 1]
            if np.isfinite(now).all() and (np.nan_to_num(sunk) <= limit.share * least).all():
                usually = float(np.median(before))
                yield self._feature(slot, row, expected=usually, observed=float(now[-1]), score=score, limit="stopped")
            elif not np.isfinite(now).any() and (gone := self._down(service, since, slot)) is not None:
                yield self._feature(slot, gone, expected=1.0, observed=0.0, score=score, limit="stopped")

    def _piling(self, slot: int, limit: Piling) -> Iterator[Feature]:
        a_bin = max(1, round(self.policy.windows[0].bin_s / self.board.step_s))
        for row, least in self._queues:
            values = self.board.values[row, : slot + 1]
            now = float(values[-1])
            most = most_before(values, least, a_bin, limit) if now >= least else None
            if most is not None:
                score = self.policy.user_facing.score * now / max(least, limit.times * most)
                yield self._feature(slot, row, expected=most, observed=now, score=score, limit="piling")

    def _feature(self, slot: int, row: int, *, expected: float, observed: float, score: float, limit: Limit) -> Feature:
        one = self.board.series[row]
        return Feature(
            at=float(self.board.times[slot]),
            service=place_of(one),
            signal=signal_of(one.metric),
            window=self.policy.windows[0].name,
            metric=one.metric,
            unit=one.unit,
            expected=expected,
            observed=observed,
            deviation=observed - expected,
            score=score,
            kind="threshold_breach" if score > 0 else "drop",
            limit=limit,
        )

    def _down(self, service: str, since: int, slot: int) -> int | None:
        """Return the row that tells that not one of a service's targets can be scraped; None where none tells so."""
        for row in self._rows[service]:
            if self.board.series[row].metric == UP:
                return row if (self.board.values[row, since : slot + 1] == 0).all() else None
        return None


def _silent_since(rate: Floats, share: float) -> int:
    """Return the slot since which a rate is next to nothing or unknown; behind its end where it is neither."""
    known = rate[np.isfinite(rate)]
    often = float(np.median(known)) if known.size else 0.0
    loud = np.flatnonzero(rate > share * often)
    return int(loud[-1]) + 1 if loud.size else 0
