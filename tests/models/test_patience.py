import itertools
from collections.abc import AsyncGenerator

import pytest
from tests.models.wires import ASKED

from rootline.domain.evidence import JsonObject
from rootline.models.patience import Patience, Send, ask
from rootline.models.unanswered import Unanswered

pytestmark = pytest.mark.anyio


class Pauses:
    """A clock that only sleeping moves forward."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, pause_s: float) -> None:
        self.slept.append(pause_s)

    def now(self) -> float:
        return sum(self.slept)


def plays(*lines: Unanswered | str) -> tuple[Send, list[JsonObject]]:
    """Make a sender that fails or gives one event, line by line, and what it was given."""
    waiting, sent = list(lines), []

    async def send(body: JsonObject) -> AsyncGenerator[object, None]:
        sent.append(body)
        line = waiting.pop(0)
        if isinstance(line, Unanswered):
            raise line
        yield line

    return send, sent


def patient(pauses: Pauses, *, timeout_s: float = 100.0, attempts: int = 3, jitter: float = 0.0) -> Patience:
    return Patience(timeout_s=timeout_s, attempts=attempts, sleep=pauses.sleep, jitter=lambda: jitter, clock=pauses.now)


def passing(wait_s: float | None = None) -> Unanswered:
    return Unanswered("Busy.", status=503, passing=True, wait_s=wait_s)


async def heard(send: Send, patience: Patience, *bodies: JsonObject) -> list[object]:
    return [event async for event in ask(send, bodies or ({},), asked=ASKED, patience=patience)]


async def test_what_may_pass_is_tried_again_after_growing_pauses() -> None:
    pauses = Pauses()
    send, _ = plays(passing(), passing(), "hello")

    assert await heard(send, patient(pauses)) == ["hello"]
    assert pauses.slept == [0.5, 1.0]


async def test_the_server_says_how_long_to_wait() -> None:
    pauses = Pauses()
    send, _ = plays(passing(wait_s=7.0), "hello")

    assert await heard(send, patient(pauses, jitter=1.0)) == ["hello"]
    assert pauses.slept == [7.0]


async def test_jitter_shortens_a_pause_by_half_at_most() -> None:
    pauses = Pauses()
    send, _ = plays(passing(), passing(), "hello")

    await heard(send, patient(pauses, jitter=1.0))

    assert pauses.slept == [0.25, 0.5]


async def test_a_wait_past_the_deadline_is_not_begun() -> None:
    pauses = Pauses()
    send, _ = plays(passing(wait_s=200.0), "never")

    with pytest.raises(Unanswered, match="Busy"):
        await heard(send, patient(pauses))
    assert pauses.slept == []


async def test_attempts_are_bounded_and_counted_in_the_message() -> None:
    send, sent = plays(*itertools.repeat(passing(), 9))

    with pytest.raises(Unanswered, match="Tried 3 times"):
        await heard(send, patient(Pauses()))
    assert len(sent) == 3


async def test_what_will_not_pass_is_not_tried_again() -> None:
    send, sent = plays(Unanswered("No.", status=401), "never")

    with pytest.raises(Unanswered, match=r"^No\.$"):
        await heard(send, patient(Pauses()))
    assert len(sent) == 1


async def test_nothing_is_tried_again_once_an_event_came() -> None:
    async def send(_: JsonObject) -> AsyncGenerator[object, None]:
        yield "half"
        raise passing()

    events = ask(send, ({},), asked=ASKED, patience=patient(Pauses()))

    assert await anext(events) == "half"
    with pytest.raises(Unanswered, match=r"^Busy\.$"):
        await anext(events)


async def test_a_malformed_request_gives_way_to_the_next_body_at_once() -> None:
    pauses = Pauses()
    send, sent = plays(Unanswered("tool_choice is not supported", status=400), "hello")

    assert await heard(send, patient(pauses, attempts=1), {"forced": True}, {"forced": False}) == ["hello"]
    assert sent == [{"forced": True}, {"forced": False}]
    assert pauses.slept == []
