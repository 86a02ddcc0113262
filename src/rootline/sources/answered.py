"""An answer over HTTP, and how large it may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

MOST_BYTES = 4 * 2**20
MOST_ERROR_BYTES = 4 * 2**10
Parameters = Mapping[str, str | Sequence[str]]
"""What is asked for, by name; a sequence stands for a name that is repeated."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """An answer of any status; header names are lower case. The body of one that is no success is its beginning."""

    status: int
    headers: Mapping[str, str]
    body: bytearray = field(repr=False)

    @property
    def is_success(self) -> bool:
        """Whether the status is a success."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES
