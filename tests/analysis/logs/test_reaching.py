import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.analysis.logs.reaching import WORD, Places, reached


def places(marks: str, of: str) -> Places:
    return np.array([mark in of for mark in marks], dtype=np.bool_)


def words_of(marks: str) -> str:
    return marks + " " * (-len(marks) % WORD)


def shown(found: Places) -> str:
    return "".join("x" if one else "." for one in found)


@pytest.mark.parametrize(
    ("marks", "up", "down"),
    [
        ("--s-- -s", "..xxx..x", "xxx...xx"),
        ("s s-s -", "x.xxx..", "x.xxx.."),
        ("---", "...", "..."),
        ("", "", ""),
    ],
)
def test_ways_are_followed_from_seeds_in_one_direction(marks: str, up: str, down: str) -> None:
    seeds, ways = places(words_of(marks), "s"), places(words_of(marks), "s-")

    assert shown(reached(seeds, ways, "up"))[: len(marks)] == up
    assert shown(reached(seeds, ways, "down"))[: len(marks)] == down


@pytest.mark.parametrize("length", [63, 64, 65, 127, 128, 129, 5000])
def test_a_way_leads_through_many_whole_words(length: int) -> None:
    marks = words_of("s" + "-" * (length - 1) + " -s")
    seeds, ways = places(marks, "s"), places(marks, "s-")

    assert reached(seeds, ways, "up").sum() == length + 1
    assert reached(seeds[::-1], ways[::-1], "down").sum() == length + 1


@given(st.lists(st.sampled_from(["s", "-", " ", "-" * 70, "s" * 70, "-" * 63 + "s"]), max_size=40).map("".join))
def test_many_places_at_once_are_as_one_after_the_other(marks: str) -> None:
    marks = words_of(marks)
    seeds, ways = places(marks, "s"), places(marks, "s-")

    after = re.sub(r"s[s-]*", lambda way: "x" * len(way[0]), marks)
    before = re.sub(r"s[s-]*", lambda way: "x" * len(way[0]), marks[::-1])[::-1]

    assert (reached(seeds, ways, "up") == places(after, "x")).all()
    assert (reached(seeds, ways, "down") == places(before, "x")).all()
