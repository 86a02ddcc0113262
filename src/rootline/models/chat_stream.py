"""A stream of chat.completions chunks, read into one turn. Nothing in a chunk is taken to be as promised."""

from rootline.models.gathering import Gathering, Turning
from rootline.models.loose_json import count, error_words, items, members, text
from rootline.models.model import TurnEnd
from rootline.models.prices import Tokens
from rootline.models.tool_calls import OpenCall
from rootline.models.unanswered import garbled, quote

CUT_SHORT = {
    "length": ("it reached its limit of written tokens.", "Raise the limit, or use a model that writes less."),
    "content_filter": ("its content filter stopped the turn.", "Use another model for this question."),
    "abort": ("the server aborted the turn.", "Look at the server's own log."),
    "error": ("the server failed in mid-turn.", "Look at the server's own log."),
}
LONGEST_REFUSAL = 1_000


class ChatTurn:
    """Gathers one turn from its chunks."""

    def __init__(self, turning: Turning) -> None:
        self._turn = Gathering(turning=turning)
        self._reason = ""
        self._refusal = ""
        self._choices = 0
        self._tokens: Tokens | None = None

    @property
    def complete(self) -> bool:
        """Whether all has come that a turn needs; what the server sends after that is not waited for."""
        return bool(self._reason) and self._tokens is not None

    def take(self, chunk: object) -> str:
        """Take one chunk and give the text in it. Raises Unanswered when the server says that it failed."""
        if not isinstance(chunk, dict):
            raise garbled(self._turn.turning.asked, "it sent an event that is no JSON object.")
        if chunk.get("error"):
            raise self._turn.broken_off(error_words(chunk))
        if chunk.get("usage"):
            self._tokens = _tokens(members(chunk["usage"]))
        choice = members(next(iter(items(chunk.get("choices"))), None))
        self._choices += bool(choice)
        self._reason = text(choice.get("finish_reason")) or self._reason
        delta = members(choice.get("delta"))
        for fragment in items(delta.get("tool_calls")):
            self._fragment(members(fragment))
        self._refusal = (self._refusal + text(delta.get("refusal")))[:LONGEST_REFUSAL]
        return self._turn.say(text(delta.get("content")))

    def end(self) -> TurnEnd:
        """Close the turn. Raises Unanswered when it was refused, cut short or never came."""
        if not self._choices:
            raise garbled(self._turn.turning.asked, "it sent no choice.")
        if self._refusal:
            words = quote(self._turn.turning.asked, self._refusal)
            raise self._turn.failed(f"the model declined: {words}.", "Use another model for this question.")
        if self._reason in CUT_SHORT:
            raise self._turn.failed(*CUT_SHORT[self._reason])
        if not self._reason:
            raise self._turn.failed("its answer ended in the middle.", "Look at the server's own log.")
        return self._turn.end(self._tokens or Tokens())

    def _fragment(self, fragment: dict[str, object]) -> None:
        function = members(fragment.get("function"))
        call = self._call_of(fragment.get("index"), text(fragment.get("id")), text(function.get("name")))
        call.add(text(function.get("arguments")))

    def _call_of(self, index: object, call_id: str, name: str) -> OpenCall:
        """Find the call that a fragment continues. Some servers give all calls one index, or none at all."""
        place = index if isinstance(index, int) else None
        known = self._turn.by_place.get(place)
        named_again = known is not None and bool(known.name and name)
        if known is None or (named_again and (call_id != known.id if call_id else place is None)):
            return self._turn.open(place, call_id, name)
        known.name_if_new(call_id, name)
        return known


def _tokens(usage: dict[str, object]) -> Tokens:
    read = count(usage.get("prompt_tokens"))
    cached = count(members(usage.get("prompt_tokens_details")).get("cached_tokens"))
    return Tokens(read=read, written=count(usage.get("completion_tokens")), cached=min(cached, read))
