"""What opens an incident: a versioned set of numbers, kept as data beside the code that obeys it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from rootline.analysis.metrics.views import View

WindowName = Literal["5m", "30m", "6h"]
_LENGTHS_S = {"5m": 300.0, "30m": 1_800.0, "6h": 21_600.0}
_WORDS = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9._-]+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Horizon(_Strict):
    """One window: samples are joined to bins of `bin_s` seconds, and `history_bins` of them make a history."""

    name: WindowName
    bin_s: Annotated[int, Field(ge=1, le=86_400)]
    history_bins: Annotated[int, Field(ge=3, le=10_000)]

    @property
    def length_s(self) -> float:
        """The whole window's length."""
        return _LENGTHS_S[self.name]


class UserFacing(_Strict):
    """One signal that users feel is enough when its score reaches this one."""

    views: tuple[View, ...]
    score: Annotated[float, Field(gt=0)]


class Agreeing(_Strict):
    """So many different signals of one service are enough when each reaches this score."""

    signals: Annotated[int, Field(ge=2, le=6)]
    score: Annotated[float, Field(gt=0)]


class Absolute(_Strict):
    """A share of failures (0 to 1) that is no normal state, whatever came before, with so many failures a bin."""

    error_share: Annotated[float, Field(gt=0, le=1)]
    failed: Annotated[float, Field(ge=0)]


class Stopped(_Strict):
    """Traffic that sinks to this share of the least of the last so many usual slots, of so many requests a bin."""

    share: Annotated[float, Field(ge=0, lt=1)]
    least_events: Annotated[float, Field(gt=0)]
    slots: Annotated[int, Field(ge=10, le=1_440)]


class Piling(_Strict):
    """What waits and becomes more, bin after bin, until it is so many times the most there ever was.

    `least` is in things, `least_s` in seconds that the oldest of them waits; `bins` is how often in a row it grew, and
    `slots` how many slots before that must be known.
    """

    least: Annotated[float, Field(gt=0)]
    least_s: Annotated[float, Field(gt=0)]
    times: Annotated[float, Field(gt=1)]
    bins: Annotated[int, Field(ge=1, le=10)]
    slots: Annotated[int, Field(ge=5, le=1_440)]


class Daily(_Strict):
    """What the day before had within so many seconds of this hour, at least to this share of it, is no news.

    Neither is what one of the last `days` had as much of, where more than half of them had at least `habit` of it: only
    days of a weekend count for a weekend, and only others for others.
    """

    within_s: Annotated[float, Field(ge=0, le=3_000)]
    share: Annotated[float, Field(gt=0, le=1)]
    days: Annotated[int, Field(ge=1, le=14)] = 1
    habit: Annotated[float, Field(gt=0, le=1)] = 0.4


class Policy(_Strict):
    """A gating policy.

    Attributes:
        version: By which a decision names it; numbers are never changed under the same one.
        windows: What is looked at.
        hold: How many bins in a row a deviation must last.
        first_tail: How much of a history is taken to be usual before anything is known about it.
        tail: The same once its incidents are left out.
        user_facing: When one signal is enough.
        agreeing: When several are.
        creeping: The score at which a signal that users feel is enough in a window longer than the first, where no
            incident within that window explains it.
        least_events: Fewer requests a bin than this say nothing about their duration or failures.
        least_delay_s: A duration that changed by less than so many seconds is felt by nobody, however sure the change.
        release_slots: After so many slots without a candidate an incident counts as over.
        cool_down_s: The least time between two openings.
        absolute: When failures are an incident without any history; None where they never are.
        stopped: When traffic that stops is one by itself; None where it never is.
        piling: When a growing queue is one by itself; None where it never is.
        daily: When the hour of the day explains what is no failure; None where it never does.
        kept: The least score of a feature that is stored.

    """

    version: _WORDS
    windows: Annotated[tuple[Horizon, ...], Field(min_length=1, max_length=3)]
    hold: Annotated[int, Field(ge=1, le=10)]
    first_tail: Annotated[float, Field(gt=0.5, lt=1)]
    tail: Annotated[float, Field(gt=0.5, lt=1)]
    user_facing: UserFacing
    agreeing: Agreeing
    creeping: Annotated[float, Field(gt=0)]
    least_events: Annotated[float, Field(ge=0)]
    least_delay_s: Annotated[float, Field(ge=0)] = 0.0
    release_slots: Annotated[int, Field(ge=1)]
    cool_down_s: Annotated[float, Field(ge=0)]
    absolute: Absolute | None = None
    stopped: Stopped | None = None
    piling: Piling | None = None
    daily: Daily | None = None
    kept: Annotated[float, Field(ge=0)]
