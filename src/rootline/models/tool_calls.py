"""What a model asks to be called: fragments gathered into ToolCalls, bounded, with ids of their own; never trusted."""

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NoReturn

from rootline.domain.evidence import JsonObject
from rootline.domain.session import Message, ToolCall
from rootline.models.plain_text import one_line, plain, plain_json

LONGEST_ARGUMENTS = 100_000
DEEPEST_ARGUMENTS = 32
MOST_CALLS = 64
LONGEST_BROKEN = 2_000
LONGEST_TOOL_NAME = 100
NAMELESS = "unnamed"

# Ends at the text's end too, so that no start of a string is ever scanned twice: linear on any input.
STRINGS = re.compile(r'"[^"\\]*+(?>(?:\\.[^"\\]*+)*)(?:"|\\?\Z)', re.DOTALL)
BRACKETS = re.compile(r"[\[\]{}]")
# The narrowest of the wires: chat.completions takes ids up to 40 characters, messages takes these characters.
GOOD_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(kw_only=True)
class OpenCall:
    """A call whose pieces are still arriving. What is beyond the bound is counted and dropped."""

    id: str = ""
    name: str = ""
    size: int = 0
    pieces: list[str] = field(default_factory=list)

    def add(self, piece: str) -> None:
        """Take the next piece of its argument text."""
        if self.size <= LONGEST_ARGUMENTS:
            self.pieces.append(piece[: LONGEST_ARGUMENTS + 1])
        self.size += len(piece)

    def name_if_new(self, call_id: str, name: str) -> None:
        """Take an id and a name that come only after the first piece."""
        self.id = self.id or call_id
        self.name = self.name or name[:LONGEST_TOOL_NAME]

    @property
    def text(self) -> str:
        """The argument text so far, at most one character over the bound."""
        return plain("".join(self.pieces)[: LONGEST_ARGUMENTS + 1])


def close_calls(opened: Iterable[OpenCall], messages: Sequence[Message]) -> tuple[ToolCall, ...]:
    """Turn gathered calls into ToolCalls, in order; those past the 64th are dropped.

    Arguments are an object or broken. Ids are kept where every wire takes them and no earlier call of the
    conversation has them; otherwise they are made from the call's place, the same each time.
    """
    taken = {call.id for message in messages for call in message.calls}
    calls: list[ToolCall] = []
    for place, open_call in zip(range(len(taken), len(taken) + MOST_CALLS), opened, strict=False):
        call_id = _free_id(open_call.id, place, taken)
        taken.add(call_id)
        arguments, broken = read_arguments(open_call.text)
        tool = one_line(open_call.name, LONGEST_TOOL_NAME) or NAMELESS
        calls.append(ToolCall(id=call_id, tool=tool, arguments=arguments, broken=broken))
    return tuple(calls)


def read_arguments(text: str) -> tuple[JsonObject, str]:
    """Read an argument text: its object and "", or {} and the bounded text when it is no acceptable JSON object.

    No text at all is an object without members, as tools without parameters are called.
    """
    if not text.strip():
        return {}, ""
    if len(text) > LONGEST_ARGUMENTS or depth(text) > DEEPEST_ARGUMENTS:
        return {}, text[:LONGEST_BROKEN]
    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        return {}, text[:LONGEST_BROKEN]
    clean = plain_json(value)
    return (clean, "") if isinstance(clean, dict) else ({}, text[:LONGEST_BROKEN])


def depth(text: str) -> int:
    """How deep the brackets outside strings nest; exact for JSON, so that no parser need recurse to find out."""
    level = deepest = 0
    for bracket in BRACKETS.findall(STRINGS.sub("", text)):
        level += 1 if bracket in "[{" else -1
        deepest = max(deepest, level)
    return deepest


def _free_id(offered: str, place: int, taken: set[str]) -> str:
    if GOOD_ID.fullmatch(offered) and offered not in taken:
        return offered
    return next(made for salt in range(len(taken) + 1) if (made := _made_id(offered, place, salt)) not in taken)


def _made_id(offered: str, place: int, salt: int) -> str:
    seed = f"{place}:{salt}:{offered[:1000]}".encode("utf-8", "replace")
    return f"call_{sha256(seed).hexdigest()[:24]}"


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
