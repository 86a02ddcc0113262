"""Every alert of an Alertmanager, asked for in parts where one answer does not hold them.

Its API has no pages, but matchers: a part is what ends alike in one label, and a part of a part in the next label too.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from rootline.sources.failure import SourceFailed

Item = TypeVar("Item")
Matchers = tuple[str, ...]
PATH = "/api/v2/alerts"
EVERY = {"active": "true", "silenced": "true", "inhibited": "true", "unprocessed": "true"}
LABELS = ("alertname", "instance", "pod", "namespace", "service")
"""Source: ours; the labels in which the alerts of one storm differ most often."""
_ENDS = ("[0-2]", "[3-5]", "[6-9]", "[a-hA-H]", "[i-pI-P]", "[q-zQ-Z]")
_PORT = "(:.*)?"
"""What follows a host; the host tells instances apart and not the port."""
PATTERNS = (*(f"(?s)[^:]*{end}{_PORT}" for end in _ENDS), f"(?s)([^:]*[^:0-9a-zA-Z])?{_PORT}")
"""Every text matches exactly one of them, the empty one too."""
NOTHING: Matchers = ('alertname=""', 'alertname!=""')
MOST_ASKED = 80
MOST_ITEMS = 10_000
"""Source: ours; at about 4 kB an alert, with the last parts over it, below the 64 MB that one read may take."""


@dataclass(kw_only=True)
class Parts(Generic[Item]):
    """What was read so far; `missing` is why some of it was not."""

    ask: Callable[[Matchers], Awaitable[Sequence[Item]]]
    items: list[Item] = field(default_factory=list)
    missing: SourceFailed | None = None
    _asked: int = 0

    async def read(self) -> "Parts[Item]":
        """Read all at once, or else part by part.

        Raises:
            SourceFailed: Something else than its size is wrong with an answer, or nothing could be read.

        """
        try:
            self.items += await self.ask(())
        except SourceFailed as failed:
            if not failed.is_too_large or await self._is_deaf():
                raise
            await self._split(failed.bare())
        if self.missing is not None and not self.items:
            raise self.missing
        return self

    async def _is_deaf(self) -> bool:
        """Whether it answers with something to what nothing can match: then all parts are the whole."""
        try:
            return bool(await self.ask(NOTHING))
        except SourceFailed as failed:
            if failed.is_too_large:
                return True
            raise

    async def _split(self, why: SourceFailed) -> None:
        """Read the parts, the large ones before what they are made of, so that no part is all that is read."""
        waiting: deque[tuple[Matchers, SourceFailed]] = deque([((), why)])
        while waiting:
            whole, why = waiting.popleft()
            parts = _parts_of(whole) if self._asked < MOST_ASKED and len(self.items) < MOST_ITEMS else ()
            if not parts:
                self.missing = why
            for part in parts:
                failed = await self._read_part(part)
                if failed is not None:
                    waiting.append((part, failed))

    async def _read_part(self, matchers: Matchers) -> SourceFailed | None:
        self._asked += 1
        try:
            self.items += await self.ask(matchers)
        except SourceFailed as failed:
            if not failed.is_too_large:
                raise
            return failed.bare()
        return None


def _parts_of(whole: Matchers) -> Sequence[Matchers]:
    """Return what a part is made of by the next label; nothing where every label is used."""
    if len(whole) == len(LABELS):
        return ()
    return [(*whole, f'{LABELS[len(whole)]}=~"{pattern}"') for pattern in PATTERNS]
