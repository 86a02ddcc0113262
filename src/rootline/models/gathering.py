"""One turn as it is put together, whichever wire it comes over: its text, its calls, its bounds."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rootline.domain.session import Message, Usage
from rootline.models.model import TurnEnd
from rootline.models.plain_text import plain
from rootline.models.prices import Price, Tokens, cost_usd
from rootline.models.tool_calls import OpenCall, close_calls
from rootline.models.unanswered import Asked, Unanswered, garbled, quote, unanswered

LONGEST_TEXT = 200_000
MOST_OPENED = 1_000


@dataclass(frozen=True, kw_only=True)
class Turning:
    """What a turn is read against: whom we asked, at what price, and what the conversation was until then."""

    asked: Asked
    price: Price | None
    earlier: Sequence[Message]


@dataclass(kw_only=True)
class Gathering:
    """The pieces of a turn. Text past its bound ends the turn, as a model that does not stop would go on for ever."""

    turning: Turning
    pieces: list[str] = field(default_factory=list)
    size: int = 0
    opened: list[OpenCall] = field(default_factory=list)
    by_place: dict[object, OpenCall] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All of the text."""
        return plain("".join(self.pieces))

    def say(self, piece: str) -> str:
        """Take the next piece of text and give it back fit to be shown. Raises Unanswered past the bound."""
        self.size += len(piece)
        if self.size > LONGEST_TEXT:
            happened = f"the model wrote more than {LONGEST_TEXT} characters without an end."
            raise self.failed(happened, "Use another model, or limit what it writes at the server.")
        if piece:
            self.pieces.append(piece)
        return plain(piece)

    def open(self, place: object, call_id: str, name: str) -> OpenCall:
        """Begin a call at a place of the stream, which may have had another. Raises Unanswered past the bound."""
        if len(self.opened) >= MOST_OPENED:
            raise self.failed(f"the model asked for more than {MOST_OPENED} calls.", "Use another model.")
        call = self.by_place[place] = OpenCall(id=call_id, name=plain(name[:1000]))
        self.opened.append(call)
        return call

    def end(self, tokens: Tokens) -> TurnEnd:
        """Close the turn. Raises Unanswered when it holds calls alone and none has a name."""
        if self.opened and not self.text and not any(call.name for call in self.opened):
            raise garbled(self.turning.asked, "it asked for tools without naming one.")
        usage = Usage(
            read=tokens.read,
            written=tokens.written,
            cached=tokens.cached,
            cost_usd=cost_usd(tokens, self.turning.price),
        )
        return TurnEnd(text=self.text, calls=close_calls(self.opened, self.turning.earlier), usage=usage)

    def failed(self, happened: str, helps: str) -> Unanswered:
        """Say why there is no turn."""
        return unanswered(self.turning.asked, happened, helps)

    def broken_off(self, said: str) -> Unanswered:
        """Say that the server itself ended the turn with an error."""
        words = quote(self.turning.asked, said)
        return self.failed(f"it broke the turn off with {words}.", "Try again later, or look at the server's own log.")
