"""What the readers of logs share: which field names a service, and how a line is made of fields."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.incident import HOUR, START

from rootline.domain.signal import LogLine
from rootline.domain.window import Window
from rootline.sources.logs.fields import LONGEST_LINE, line_of, literal
from rootline.sources.logs.service_fields import ServiceFields

pytestmark = pytest.mark.anyio
LATER = Window(start=HOUR.end, end=HOUR.end + timedelta(hours=1))


@dataclass
class Held:
    """A backend with fields and their values, which notes for which windows it was asked."""

    fields: dict[str, list[str]]
    windows: list[Window | None] = field(default_factory=list)

    async def exist(self, window: Window | None) -> Sequence[str]:
        self.windows.append(window)
        return [*self.fields]

    async def values(self, name: str, window: Window | None) -> Sequence[str]:
        self.windows.append(window)
        return self.fields[name]

    def named(self, configured: str = "") -> ServiceFields:
        return ServiceFields(configured=configured, exist=self.exist, values=self.values)


async def test_the_likeliest_field_that_exists_names_services() -> None:
    held = Held({"job": ["batch"], "app": ["cart", "ad"], "level": ["error"]})

    assert await held.named().holding("", HOUR) == "app"


async def test_of_several_fields_the_one_that_has_the_service_is_asked() -> None:
    held = Held({"app": ["cart"], "container": ["cart-1", "stock"]})

    assert await held.named().holding("stock", HOUR) == "container"
    assert await held.named().holding("ghost", HOUR) == ""


async def test_a_configured_field_goes_before_all_where_it_exists() -> None:
    held = Held({"team": ["cart"], "app": ["cart"]})

    assert await held.named("team").holding("cart", HOUR) == "team"
    assert await held.named("squad").holding("cart", HOUR) == "app"


async def test_services_are_those_of_the_window_last_asked_about() -> None:
    held = Held({"app": ["stock", "cart"]})
    named = held.named()

    assert await named.services() == ["cart", "stock"]
    await named.holding("", LATER)
    held.windows.clear()

    assert await named.services() == ["cart", "stock"]
    assert held.windows == [LATER, LATER]


async def test_without_any_such_field_there_is_none() -> None:
    held = Held({"level": ["error"]})

    assert (await held.named().holding("", HOUR), await held.named().services()) == ("", [])


def test_a_line_takes_each_of_its_parts_from_the_first_field_that_has_it() -> None:
    fields = {"app": "", "container": "cart", "lvl": "warn", "traceID": "abc", "pod": "cart-1", "host": "node-1"}

    assert line_of(START, "x" * 9_000, fields, ("app", "container")) == LogLine(
        at=START, service="cart", text="x" * LONGEST_LINE, severity="warn", trace_id="abc", instance="cart-1"
    )
    assert line_of(START, "x", {}, ("app",), unnamed="shop.log").service == "shop.log"


@given(st.text(max_size=40))
def test_words_written_literally_find_themselves_and_nothing_else(words: str) -> None:
    assert re.fullmatch(literal(words), words) is not None
    assert re.fullmatch(literal(words), f"{words}x") is None
