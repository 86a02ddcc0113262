import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.analysis.logs import Mined, mine


def templates(*texts: str) -> list[str]:
    mined = mine(texts)
    return [mined.templates[number] for number in mined.template_of]


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("took 12 ms", "took <*> ms"),
        ("took 12ms, limit 1.5s", "took <*>, limit <*>"),
        ("lifetime <1 sec", "lifetime <*>"),
        ("sent 17.5 KB", "sent <*>"),
        ("dial tcp 10.0.0.7:5432: refused", "dial tcp <*>: refused"),
        ("order 6b1f0a44-8c1e-4a51-9c2f-0b1d2c3e4f5a paid", "order <*> paid"),
        ("at 0x7ffe12 in main", "at <*> in main"),
        ("link de:ad:be:ef:00:01 is down", "link <*> is down"),
        ("open /etc/app/conf.d/web.yaml: denied", "open <*>: denied"),
        ("GET https://shop.example/a?b=1 failed", "GET <*> failed"),
        ("from ada@example.org", "from <*>"),
        ("resolved db.prod.svc.cluster.local", "resolved <*>"),
        ("java.lang.IllegalStateException: closed", "java.lang.IllegalStateException: closed"),
        ("state=RUNNING code=0 name=", "state=<*> code=<*> name="),
        ('user="ada lovelace" ok', "user=<*> ok"),
        ("deleted blk_1, blk_2, blk_3", "deleted <*>"),
        ("nodes a1 <ok> a2 <ok> a3 <ok>", "nodes <*> <ok>"),
        ("at Sun Jul 10 03:55:15 2005", "at <*>"),
        ("ready: true", "ready: <*>"),
    ],
)
def test_values_become_holes(text: str, template: str) -> None:
    assert templates(text) == [template]


def test_names_after_a_noun_that_introduces_them_are_one_template() -> None:
    assert set(templates("session opened for user ada", "session opened for user bob")) == {
        "session opened for user <*>"
    }


def test_rows_that_differ_in_two_names_are_one_template() -> None:
    texts = [f"user {who} added item {what} again" for who, what in (("ada", "pen"), ("bob", "ink"), ("cy", "cap"))]

    assert set(templates(*texts)) == {"user <*> added item <*> again"}


def test_what_happened_is_never_a_hole() -> None:
    texts = ["container started", "container killed", "node up", "node down", "cache hit", "cache miss"]

    assert templates(*texts) == texts


def test_many_different_words_in_one_place_are_values() -> None:
    words = ["pen", "ink", "cap", "mug", "bag", "hat", "toy", "map"]

    assert set(templates(*(f"searching shelf again {word} slowly" for word in words))) == {
        "searching shelf again <*> slowly"
    }


def name(at: int) -> str:
    """A word without digits, a different one for each number."""
    return "".join(chr(97 + at // 26**place % 26) for place in range(4))


def test_words_without_end_are_values_wherever_they_stand() -> None:
    texts = [f"signup of {name(at)} as {name(at * 7)} finished" for at in range(9000)]

    assert set(templates(*texts)) == {"signup of <*> as <*> finished"}


def test_even_first_words_are_values_when_they_never_end() -> None:
    texts = [f"{name(at)} says {name(at * 7)} loudly" for at in range(12000)]

    assert len(set(templates(*texts))) <= 2


def test_templates_are_numbered_in_order_of_appearance() -> None:
    assert mine(["b 1", "a 2", "b 3"]) == Mined(template_of=(0, 1, 0), templates=("b <*>", "a <*>"))


def test_line_feeds_do_not_shift_lines() -> None:
    assert templates("one\ntwo", "x 3", "one\ntwo") == ["one two", "x <*>", "one two"]


def test_a_line_feed_before_an_empty_line_shifts_nothing() -> None:
    assert mine(["\n", "7", ""]).template_of == (0, 1, 0)


def test_a_very_long_line_is_bounded() -> None:
    (template,) = templates("ab-" * 500_000)

    assert len(template) <= 2000


def test_nothing_gives_nothing() -> None:
    assert mine([]) == Mined(template_of=(), templates=())


@given(st.lists(st.text(max_size=40), max_size=20))
def test_any_text_has_one_template_whatever_its_duplicates(texts: list[str]) -> None:
    mined = mine(texts)

    assert len(mined.template_of) == len(texts)
    assert mine([*texts, *texts]).template_of[: len(texts)] == mined.template_of
