"""A span of time that every question, every evidence and every claim names."""

from datetime import UTC, datetime, timedelta
from typing import Self

from pydantic import (
    BaseModel,
    ConfigDict,
    field_serializer,
    field_validator,
    model_validator,
)

from rootline.domain.moment import Moment


def rfc3339(moment: datetime) -> str:
    """Render a moment in UTC with seconds and a trailing Z; milliseconds only where there are any."""
    utc = moment.astimezone(UTC)
    spec = "milliseconds" if utc.microsecond else "seconds"
    return utc.isoformat(timespec=spec).replace("+00:00", "Z")


class Window(BaseModel):
    """A half-open span of time in UTC: `start` belongs to it, `end` does not."""

    model_config = ConfigDict(frozen=True)

    start: Moment
    end: Moment

    @field_validator("start", "end")
    @classmethod
    def _to_the_millisecond(cls, moment: datetime) -> datetime:
        """Keep what is written down, so that a window reads back as it was."""
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"a window ends after it starts, but {self.end} is not after {self.start}")
        return self

    @field_serializer("start", "end")
    def _utc(self, moment: datetime) -> str:
        return rfc3339(moment)

    @property
    def duration(self) -> timedelta:
        """The length of the window."""
        return self.end - self.start

    def contains(self, moment: datetime) -> bool:
        """Whether the moment lies inside."""
        return self.start <= moment < self.end

    def overlaps(self, other: "Window") -> bool:
        """Whether the two windows share any time."""
        return self.start < other.end and other.start < self.end

    def __str__(self) -> str:
        return f"{rfc3339(self.start)}/{rfc3339(self.end)}"
