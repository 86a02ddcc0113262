"""Counters of failures that do not exist before the first failure: until then they count nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rootline.analysis.metrics.views import view_of
from rootline.domain.signal import Series

_COUNTED = "1/s"


def counted_from_the_start(found: Sequence[Series]) -> list[Series]:
    """Read counters of failures as zero before their first sample, where other numbers of the service go further back.

    A client library makes the counter of a label's value when it first counts one, so a failure that never happened
    before has no normal state. What began together with its service, and what has a gap, stays as it is.

    Source: Prometheus, "Instrumentation", "Avoid missing metrics".
    """
    there = _there(found, {one.service for one in found if _begins_late(one)})
    return [_filled(one, there) if _begins_late(one) else one for one in found]


def _begins_late(one: Series) -> bool:
    """Whether a counter of failures has no sample at the first moment but has one later."""
    is_late = one.values.size > 0 and not np.isfinite(one.values[0])
    return is_late and one.unit == _COUNTED and view_of(one.metric) == "errors" and bool(np.isfinite(one.values).any())


def _there(found: Iterable[Series], services: set[str]) -> Mapping[tuple[str, int], NDArray[np.bool_]]:
    """Tell by service, and by how many moments were read, at which of them any number of it was."""
    seen: dict[tuple[str, int], NDArray[np.bool_]] = {}
    for one in found:
        if one.service in services:
            key, known = (one.service, one.values.size), np.isfinite(one.values)
            seen[key] = seen[key] | known if key in seen else known
    return seen


def _filled(one: Series, there: Mapping[tuple[str, int], NDArray[np.bool_]]) -> Series:
    first = np.flatnonzero(np.isfinite(one.values))[0]
    unborn = (np.arange(one.values.size) < first) & there[one.service, one.values.size]
    return replace(one, values=np.where(unborn, 0.0, one.values))
