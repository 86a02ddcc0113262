import json
import math
import random

import pytest

from rootline.analysis.logs.pulse import FAST_S, SLOW_S, Pulse
from rootline.analysis.logs.streaming import LOUD, MOST, WARM_UP_S, LogSignal, LogStream

VERBS = ("stored", "queued", "shipped", "billed", "merged")


def dice_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311


def line(text: str, service: str = "cart", level: str = "INFO") -> bytes:
    return json.dumps({"time": "2026-03-01T12:00:00Z", "level": level, "service": service, "message": text}).encode()


def usual(dice: random.Random, count: int, service: str = "cart") -> list[bytes]:
    return [
        line(f"order {dice.getrandbits(32):08x} {dice.choice(VERBS)} in {dice.randrange(900)}ms", service)
        for _ in range(count)
    ]


def lived(stream: LogStream, seconds: int, *, a_second: int = 20, seed: int = 1, start: int = 0) -> list[LogSignal]:
    """The stream after quiet seconds of two services."""
    dice, found = dice_of(seed), list[LogSignal]()
    for at in range(start, start + seconds):
        found += stream.read(usual(dice, a_second) + usual(dice, 3, "mail"), float(at))
    return found


def test_quiet_minutes_are_not_loud() -> None:
    assert lived(LogStream(), 900) == []


def test_a_new_error_is_told_within_the_batch_that_brings_it() -> None:
    stream = LogStream()
    lived(stream, 200)

    told = stream.read([line(f"payment {at} refused: no route to host", level="ERROR") for at in range(12)], 200.5)

    by_template = {one.template: one for one in told}
    assert set(by_template) == {"", "payment <*> refused: no route to host"}
    new = by_template["payment <*> refused: no route to host"]
    assert (new.service, new.kind, new.is_error, new.at) == ("cart", "new_pattern", True, 200.5)
    assert new.score >= LOUD
    assert new.exemplar == "payment 0 refused: no route to host"


def test_one_new_line_is_not_loud() -> None:
    stream = LogStream()
    lived(stream, 200)

    assert stream.read([line("payment 7 refused", level="ERROR")], 200.5) == []


def test_a_known_line_that_comes_ten_times_as_often_is_told_with_what_was_expected() -> None:
    stream = LogStream()
    lived(stream, 600)

    told = [one for at in range(600, 604) for one in stream.read(usual(dice_of(at), 200), float(at))]

    assert {one.kind for one in told} == {"spike"}
    assert {one.service for one in told} == {"cart"}
    assert all(one.observed > 2 * one.expected for one in told)


def test_what_lasts_becomes_usual() -> None:
    stream = LogStream()
    lived(stream, 300, a_second=4)
    lived(stream, 2400, a_second=40, start=300)

    assert lived(stream, 60, a_second=40, start=2700) == []


def test_nothing_is_told_before_the_stream_is_known() -> None:
    stream = LogStream()

    early = stream.read([line("panic", level="FATAL")] * 500, 0.0)
    later = stream.read([line("panic", level="FATAL")] * 500, WARM_UP_S - 1)

    assert early + later == []


def test_text_without_json_is_of_the_streams_own_service() -> None:
    stream = LogStream(service="proxy")
    for at in range(200):
        stream.read([b"GET /health 200 in 3ms"] * 5, float(at))

    told = stream.read([b"upstream 10.0.0.7 timed out"] * 30, 200.5)

    assert {one.service for one in told} == {"proxy"}
    assert "upstream <*> timed out" in {one.template for one in told}


@pytest.mark.parametrize(
    "odd", [b"", b"{", b"\x00\xff\xfe", b"[" * 100_000, b'{"message": 7}', b"a" * 10_000_000, b"\xd8=" * 9]
)
def test_odd_lines_are_counted_and_harm_nobody(odd: bytes) -> None:
    stream = LogStream()
    lived(stream, 130)

    stream.read([odd] * 3, 131.0)

    assert stream.read(usual(dice_of(3), 20), 132.0) == []


def test_an_empty_batch_is_no_batch() -> None:
    assert LogStream().read([], 5.0) == []


def test_templates_are_bounded_and_the_quietest_are_forgotten() -> None:
    stream = LogStream()
    stream.read([line("the first of all")], 0.0)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(letters[at // 26**place % 26] for place in range(4)) for at in range(MOST + 5_000)]

    for start in range(0, len(words), 500):
        batch = [
            line(" ".join([word] * (2 + at % 40)), service=f"s{at % 7}")
            for at, word in enumerate(words[start : start + 500])
        ]
        stream.read([*batch, line("always here")], 1.0 + start)

    assert stream.templates <= MOST


def test_times_that_run_backwards_do_not_break_the_count() -> None:
    stream = LogStream()
    lived(stream, 200)

    told = stream.read(usual(dice_of(1), 20), 150.0)

    assert all(math.isfinite(one.score) for one in told)


def test_a_pulse_of_a_steady_rate_scores_about_nothing() -> None:
    pulse, scores = Pulse(born=0.0, at=0.0), list[float]()
    dice = dice_of(4)

    for at in range(1, 2000):
        count = sum(dice.random() < 0.1 for _ in range(100))
        scores.append(pulse.score(count, float(at)))

    late = scores[500:]
    assert abs(sum(late) / len(late)) < 0.5
    assert max(late) < LOUD
    assert pulse.usual(2000.0) == pytest.approx(10.0, rel=0.15)


def test_a_pulse_knows_its_rate_long_before_its_memory_is_full() -> None:
    pulse = Pulse(born=0.0, at=0.0)

    for at in range(1, 31):
        pulse.score(10, float(at))

    assert SLOW_S > 30
    assert pulse.usual(30.0) == pytest.approx(10.0, rel=0.05)
    assert pulse.fast == pytest.approx(10.0 * FAST_S, rel=0.2)


def test_a_bursty_thing_needs_more_to_be_loud() -> None:
    steady, bursty = Pulse(born=0.0, at=0.0), Pulse(born=0.0, at=0.0)
    for at in range(1, 3000):
        steady.score(10, float(at))
        bursty.score(300 if at % 30 == 0 else 0, float(at))

    assert bursty.score(300, 3000.0) < steady.score(300, 3000.0) / 2
