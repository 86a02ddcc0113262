"""A stream of Anthropic's message events, read into one turn. Nothing in an event is taken to be as promised."""

import json

from rootline.models.gathering import Gathering, Turning
from rootline.models.loose_json import count, error_words, members, text
from rootline.models.model import TurnEnd
from rootline.models.prices import Tokens
from rootline.models.unanswered import garbled

CUT_SHORT = {
    "max_tokens": ("it reached its limit of written tokens.", "Raise the limit, or use a model that writes less."),
    "refusal": ("the model declined.", "Use another model for this question."),
    "model_context_window_exceeded": (
        "the conversation outgrew the model's context window.",
        "Ask about a shorter window, or use a model with a larger one.",
    ),
}
# No JSON, so that the call is broken.
TOO_DEEP = "(nested too deeply to be written down)"
FRESH, CACHED, KEPT, WRITTEN = (
    "input_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    "output_tokens",
)


class MessagesTurn:
    """Gathers one turn from its events. Thinking is passed over: a message of ours has no room for it."""

    def __init__(self, turning: Turning) -> None:
        self._turn = Gathering(turning=turning)
        self._reason = ""
        self._counts: dict[str, int] = {}
        self.complete = False

    def take(self, event: object) -> str:
        """Take one event and give the text in it. Raises Unanswered when the server says that it failed."""
        if not isinstance(event, dict):
            raise garbled(self._turn.turning.asked, "it sent an event that is no JSON object.")
        match event.get("type"):
            case "error":
                raise self._turn.broken_off(error_words(event))
            case "message_start":
                self._count(members(members(event.get("message")).get("usage")))
            case "content_block_start":
                return self._block(event.get("index"), members(event.get("content_block")))
            case "content_block_delta":
                return self._delta(event.get("index"), members(event.get("delta")))
            case "message_delta":
                self._count(members(event.get("usage")))
                self._reason = text(members(event.get("delta")).get("stop_reason")) or self._reason
            case "message_stop":
                self.complete = True
        return ""

    def end(self) -> TurnEnd:
        """Close the turn. Raises Unanswered when it was refused, cut short or never came.

        A paused turn is a turn: only tools that run at the server pause one, and we offer none.
        """
        if self._reason in CUT_SHORT:
            raise self._turn.failed(*CUT_SHORT[self._reason])
        if not self._reason:
            raise self._turn.failed("its answer ended in the middle.", "Look at the server's own log.")
        counts = {name: self._counts.get(name, 0) for name in (FRESH, CACHED, KEPT, WRITTEN)}
        read = counts[FRESH] + counts[CACHED] + counts[KEPT]
        return self._turn.end(
            Tokens(read=read, written=counts[WRITTEN], cached=counts[CACHED], kept=counts[KEPT]),
        )

    def _block(self, index: object, block: dict[str, object]) -> str:
        if block.get("type") == "tool_use":
            call = self._turn.open(_place(index), text(block.get("id")), text(block.get("name")))
            call.add(_whole(block.get("input")))
        return self._turn.say(text(block.get("text")) if block.get("type") == "text" else "")

    def _delta(self, index: object, delta: dict[str, object]) -> str:
        call = self._turn.by_place.get(_place(index))
        if call is not None:
            call.add(text(delta.get("partial_json")))
        return self._turn.say(text(delta.get("text")) if delta.get("type") == "text_delta" else "")

    def _count(self, usage: dict[str, object]) -> None:
        """Take counts as they come: each is the total so far, and those left out keep what they were."""
        self._counts |= {name: count(value) for name, value in usage.items() if value is not None}


def _place(index: object) -> int | None:
    return index if isinstance(index, int) else None


def _whole(arguments: object) -> str:
    """Give arguments that came whole as their text; those that come in pieces begin as an empty object."""
    try:
        return json.dumps(arguments, ensure_ascii=False) if arguments else ""
    except RecursionError:
        return TOO_DEEP
