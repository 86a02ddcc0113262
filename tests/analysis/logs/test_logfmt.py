import time

import pytest

from rootline.analysis.logs.logfmt import pairs_of
from rootline.analysis.logs.message import message
from rootline.analysis.logs.mining import mine


def test_a_line_of_pairs_is_taken_apart() -> None:
    line = 'ts=2026-03-01T12:00:00Z level=error msg="cannot reach \\"ledger\\"" err=\'timed out\' id=7 empty='

    assert pairs_of(line) == {
        "ts": "2026-03-01T12:00:00Z",
        "level": "error",
        "msg": 'cannot reach "ledger"',
        "err": "timed out",
        "id": "7",
        "empty": "",
    }


@pytest.mark.parametrize(
    "line",
    [
        "",
        "a=1",
        "user=7 has logged in",
        'msg="never closed id=7',
        "= = =",
        "took 12 ms id=7",
        "a==b c=d",
        "x = 1, y = 2",
    ],
)
def test_a_line_with_other_words_is_its_own_message(line: str) -> None:
    assert pairs_of(line) == {}
    assert message(line).text == line


def test_what_stands_beside_the_message_is_kept() -> None:
    said = message('time=12:00 level=warn trace_id=4bf92f service=cart msg="slow query" err="took 3s"')

    assert (said.text, said.severity, said.service, said.trace_id) == ("slow query: took 3s", "warn", "cart", "4bf92f")


def test_messages_that_differ_are_templates_that_differ() -> None:
    lines = [f'level=info msg="{text}" id={at}' for at in range(4) for text in ("order saved", "disk is full")]

    found = mine([message(line).text for line in lines])

    assert sorted(found.templates) == ["disk is full", "order saved"]


def test_pairs_without_a_message_stay_as_they_are() -> None:
    line = "method=GET path=/x status=200"

    assert message(line).text == line


@pytest.mark.parametrize("line", ["a=" * 500_000, 'a="' + "\\" * 500_000, "a=1 " * 250_000, "msg=" + "'" * 500_000])
def test_a_hostile_line_is_read_in_time(line: str) -> None:
    began = time.process_time()

    message(line)

    assert time.process_time() - began < 2
