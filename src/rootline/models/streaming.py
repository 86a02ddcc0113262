"""From a provider's events to a turn: what every adapter does alike."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

from rootline.models.model import ModelEvent, TextDelta, TurnEnd


class TurnReader(Protocol):
    """Puts a turn together from the events of one wire format."""

    @property
    def complete(self) -> bool:
        """Whether nothing more is needed."""
        ...

    def take(self, event: object) -> str:
        """Take an event and give the text in it."""
        ...

    def end(self) -> TurnEnd:
        """Close the turn."""
        ...


async def stream_turn(events: AsyncGenerator[object, None], reader: TurnReader) -> AsyncGenerator[ModelEvent, None]:
    """Read events into text as it arrives and one whole turn; the stream is closed before the turn is given."""
    async with aclosing(events):
        async for event in events:
            piece = reader.take(event)
            if piece:
                yield TextDelta(text=piece)
            if reader.complete:
                break
    yield reader.end()
