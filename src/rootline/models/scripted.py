"""A model that says what it was told to say: for tests, demos of a protocol and replays."""

from collections.abc import AsyncIterator, Callable, Sequence

from rootline.domain.session import ToolCall, Usage
from rootline.errors import ProviderFailed
from rootline.models.model import Conversation, ModelEvent, TextDelta, TurnEnd

Line = TurnEnd | Callable[[Conversation], TurnEnd] | ProviderFailed


def says(text: str = "", *calls: ToolCall) -> TurnEnd:
    """Write one line of a script."""
    return TurnEnd(text=text, calls=calls, usage=Usage(read=0, written=len(text) // 4))


class ScriptedModel:
    """Plays its lines in order; past the last it fails, as a provider would."""

    def __init__(self, lines: Sequence[Line], *, name: str = "scripted") -> None:
        self.name = name
        self.seen: list[Conversation] = []
        self._lines = list(lines)

    async def turn(self, conversation: Conversation) -> AsyncIterator[ModelEvent]:
        """Stream the next line, word by word."""
        self.seen.append(conversation)
        line = self._lines.pop(0) if self._lines else ProviderFailed("The script is over.")
        if isinstance(line, ProviderFailed):
            raise line
        end = line(conversation) if callable(line) else line
        for word in end.text.split():
            yield TextDelta(text=word + " ")
        yield end
