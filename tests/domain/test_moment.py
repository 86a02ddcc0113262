import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import TypeAdapter

from rootline.domain.change import Deployment
from rootline.domain.moment import in_utc, read_length, read_moment, read_seconds
from rootline.domain.signal import Alert, LogLine
from rootline.domain.window import Window

NOON = datetime(2026, 5, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2026-05-21T12:00:00", "2026-05-21 12:00:00", "2026-05-21T12:00:00Z", "2026-05-21T14:00:00+02:00"]
)
def test_a_moment_without_a_zone_is_utc_and_one_with_a_zone_is_kept(text: str) -> None:
    assert read_moment(text) == NOON


def test_a_fraction_may_stand_behind_a_comma() -> None:
    assert read_moment("2026-05-21 11:03:09,114") == datetime(2026, 5, 21, 11, 3, 9, 114_000, tzinfo=UTC)


def test_what_is_no_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="noon"):
        read_moment("noon")


def test_a_zone_that_was_told_is_not_replaced() -> None:
    east = datetime(2026, 5, 21, 14, 0, tzinfo=timezone(timedelta(hours=2)))

    assert in_utc(east).utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize(
    ("kind", "rest"),
    [
        (LogLine, {"at": "2026-05-21T12:00:00", "service": "till", "text": "x"}),
        (Deployment, {"at": "2026-05-21T12:00:00", "service": "till", "commit": "1"}),
    ],
)
def test_everything_read_from_a_tape_has_a_zone(kind: type, rest: dict[str, str]) -> None:
    read: LogLine | Deployment = TypeAdapter(kind).validate_json(json.dumps(rest))

    assert read.at == NOON


def test_an_alert_and_a_window_without_zones_are_utc() -> None:
    alert = TypeAdapter(Alert).validate_python(
        {"name": "a", "service": "till", "severity": "high", "fired_at": "2026-05-21T12:00:00"}
    )
    window = Window.model_validate({"start": "2026-05-21T11:00:00", "end": "2026-05-21T13:00:00"})

    assert alert.fired_at == NOON
    assert window.contains(NOON)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        (" 30m ", timedelta(minutes=30)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
        ("1w", timedelta(weeks=1)),
        ("0s", timedelta()),
    ],
)
def test_a_length_is_a_number_with_its_unit(text: str, length: timedelta) -> None:
    assert read_length(text) == length


@pytest.mark.parametrize("text", ["", "90", "h", "-1h", "1.5h", "1h30m", "1 h", "1y", "٣h", "9999999s"])
def test_what_is_no_length_is_none(text: str) -> None:
    assert read_length(text) is None


def test_seconds_are_those_of_the_moment() -> None:
    assert read_seconds("2026-05-21T14:00:00+02:00") == NOON.timestamp()
