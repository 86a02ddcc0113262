"""What is right of a delivery is taken, and what is not is told; what is no delivery at all is refused."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake.specimens import am, am_alert, dd_full, gf, pd
from tests.store.examples import NOON

from rootline.intake import alertmanager, datadog, grafana, pagerduty
from rootline.intake.partly import MOST_SHOWN
from rootline.intake.told import BadPayload, Reader

LATER = NOON + timedelta(minutes=10)
READERS: tuple[tuple[Reader, Any], ...] = ((alertmanager.read, am), (grafana.read, gf))


@pytest.mark.parametrize(("read", "payload"), READERS, ids=["alertmanager", "grafana"])
@pytest.mark.parametrize(
    ("wrong", "lost"),
    [
        ({"startsAt": "soon"}, "alerts.0.startsAt"),
        ({"startsAt": {"at": 1}}, "alerts.0.startsAt"),
        ({"endsAt": "never"}, "alerts.0.endsAt"),
        ({"annotations": ["x"]}, "alerts.0.annotations"),
        ({"annotations": {"summary": ["x"]}}, "alerts.0.annotations.summary"),
        ({"generatorURL": {}}, "alerts.0.generatorURL"),
        ({"fingerprint": []}, "alerts.0.fingerprint"),
        ({"status": 17}, "alerts.0.status"),
        ({"labels": {**am_alert()["labels"], "extra": {"b": 1}}}, "alerts.0.labels.extra"),
    ],
)
def test_an_alert_with_a_wrong_field_is_taken_without_it(
    read: Reader, payload: Any, wrong: Mapping[str, Any], lost: str
) -> None:
    told = read({**payload(), "alerts": [{**am_alert(), **wrong}, am_alert(2)]}, LATER)

    assert [(one.name, one.service, one.state) for one in told.notices] == [("ErrorsHigh", "checkout", "firing")] * 2
    assert told.lost.startswith(f"Not taken: {lost}: ")


@pytest.mark.parametrize(("read", "payload"), READERS, ids=["alertmanager", "grafana"])
@pytest.mark.parametrize("odd", ["text", 5, None, [], {}, {"labels": {}}, {"labels": {"a": None}, "fingerprint": ""}])
def test_what_is_no_alert_among_twenty_loses_no_other(read: Reader, payload: Any, odd: object) -> None:
    right = [am_alert(number) for number in range(19)]

    told = read({**payload(), "alerts": [*right[:9], odd, *right[9:]]}, LATER)

    assert told.notices == read({**payload(), "alerts": right}, LATER).notices
    assert told.lost.startswith("Not taken")


@pytest.mark.parametrize(("read", "payload"), READERS, ids=["alertmanager", "grafana"])
def test_labels_that_are_no_text_are_written_as_json_writes_them(read: Reader, payload: Any) -> None:
    labels = {**am_alert()["labels"], "port": 8080, "share": 0.5, "canary": True, "none": None}

    told = read({**payload(), "alerts": [{**am_alert(), "labels": labels}]}, LATER)

    kept = told.notices[0].labels
    assert (kept["port"], kept["share"], kept["canary"], "none" in kept) == ("8080", "0.5", "true", False)
    assert told.lost == ""


@pytest.mark.parametrize(("read", "payload"), READERS, ids=["alertmanager", "grafana"])
def test_an_alert_whose_beginning_cannot_be_read_began_when_it_came(read: Reader, payload: Any) -> None:
    (one,) = read({**payload(), "alerts": [{**am_alert(), "startsAt": "soon"}]}, LATER).notices
    (number,) = read({**payload(), "alerts": [{**am_alert(), "startsAt": 17}]}, LATER).notices

    assert (one.at, one.fired_at) == (LATER, LATER)
    assert (number.at, number.fired_at) == (LATER, LATER)


def test_an_alert_of_grafana_without_a_fingerprint_is_known_by_its_labels() -> None:
    one, same, other = (
        grafana.read({"orgId": 1, "alerts": [{**alert, "fingerprint": None}]}, LATER).notices[0].fingerprint
        for alert in (am_alert(1), am_alert(1, state="resolved"), am_alert(2))
    )

    assert one == same != other


@pytest.mark.parametrize(
    "wrong", [{"truncatedAlerts": "many"}, {"version": 4}, {"groupKey": 17}, {"groupKey": {"a": 1}}, {"receiver": []}]
)
def test_what_is_wrong_around_the_alerts_loses_none(wrong: Mapping[str, Any]) -> None:
    told = alertmanager.read({**am(am_alert()), **wrong}, LATER)

    assert [one.name for one in told.notices] == ["ErrorsHigh"]


def test_a_status_of_alertmanager_keeps_what_is_right_of_it() -> None:
    told = alertmanager.read(am({**am_alert(), "status": "firing"}, {**am_alert(2), "status": "firing"}), LATER)
    quiet = {**am_alert(), "status": {"state": "suppressed", "silencedBy": ["abc", 7]}}

    (one,) = alertmanager.read({**am(), "alerts": [quiet]}, LATER).notices

    assert one.suppressed == "silenced by abc, 7"
    assert told.lost == ""


@pytest.mark.parametrize(
    ("wrong", "lost"),
    [
        ({"occurred_at": "soon"}, "event.occurred_at"),
        ({"agent": "Grace"}, "event.agent"),
        ({"data": {**pd()["event"]["data"], "service": "checkout"}}, "service"),
        ({"data": {**pd()["event"]["data"], "created_at": [1]}}, "created_at"),
        ({"data": {**pd()["event"]["data"], "priority": {"summary": {}}}}, "priority.summary"),
    ],
)
def test_an_incident_of_pagerduty_with_a_wrong_field_is_taken_without_it(wrong: Mapping[str, Any], lost: str) -> None:
    told = pagerduty.read({"event": {**pd()["event"], **wrong}}, LATER)

    assert [(one.name, one.state) for one in told.notices] == [("Checkout answers errors", "firing")]
    assert told.lost.startswith(f"Not taken: {lost}: ")


def test_numbers_in_an_incident_of_pagerduty_are_its_words() -> None:
    data = {**pd()["event"]["data"], "id": 17, "title": 5, "service": {"summary": 12}}

    told = pagerduty.read({"event": {**pd()["event"], "id": 9, "data": data}}, LATER)

    assert [(one.name, one.service) for one in told.notices] == [("5", "12")]
    assert told.lost == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [("date", {"at": 1}), ("title", ["x"]), ("body", {}), ("link", [1]), ("alert_priority", {}), ("tags", {"a": "b"})],
)
def test_an_event_of_datadog_with_a_wrong_field_is_taken_without_it(field: str, value: object) -> None:
    told = datadog.read({**dd_full(), field: value}, LATER)

    assert [(one.name, one.state) for one in told.notices] == [("Errors are high", "firing")]
    assert told.lost.startswith(f"Not taken: {field}: ")


def test_tags_of_datadog_in_a_list_are_those_with_commas_between() -> None:
    whole, listed = dd_full(), {**dd_full(), "tags": dd_full()["tags"].split(","), "alert_title": 404}

    (one,) = datadog.read(listed, LATER).notices

    assert (one.cluster, one.namespace) == ("eu/production", "shop")
    assert one.fingerprint == datadog.read(whole, LATER).notices[0].fingerprint


def test_few_of_many_losses_are_named_and_the_rest_counted() -> None:
    told = alertmanager.read({**am(), "alerts": [am_alert(), *["odd"] * 40]}, LATER)

    assert told.lost.count("alerts.") == MOST_SHOWN
    assert told.lost.endswith("; and 37 more.")


def test_names_from_outside_are_told_short_and_in_one_line() -> None:
    told = alertmanager.read(
        {**am(), "alerts": [{**am_alert(), "labels": {"a\nINFO all is well" + "x" * 900: [], "service": "cart"}}]},
        LATER,
    )

    assert "\n" not in told.lost
    assert len(told.lost) < 400
    assert [one.service for one in told.notices] == ["cart"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ALERT = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("status", "labels", "annotations", "startsAt", "endsAt", "fingerprint"), VALUES)
)


@settings(max_examples=100, deadline=None)
@given(st.lists(VALUES | ALERT, max_size=4), st.integers(0, 4))
def test_whatever_stands_beside_it_a_right_alert_is_taken(odd: list[Any], at: int) -> None:
    for read, payload in READERS:
        (right,) = read(payload(am_alert()), LATER).notices

        told = read({**payload(), "alerts": [*odd[:at], am_alert(), *odd[at:]]}, LATER)

        assert right in told.notices


@settings(max_examples=100, deadline=None)
@given(VALUES, st.sampled_from(["groupKey", "alerts", "event", "id", "title", "data", "orgId", "event_type"]))
def test_a_payload_is_read_or_refused_and_nothing_else(value: Any, field: str) -> None:
    payloads = (
        (alertmanager.read, {**am(am_alert()), field: value}),
        (grafana.read, {**gf(am_alert()), field: value}),
        (pagerduty.read, {"event": {**pd()["event"], field: value}} if field != "event" else {"event": value}),
        (pagerduty.read, {"event": {**pd()["event"], "data": {**pd()["event"]["data"], field: value}}}),
        (datadog.read, {**dd_full(), field: value}),
    )
    for read, payload in payloads:
        try:
            told = read(payload, LATER)
        except BadPayload as refused:
            assert "docs/intake.md says what is read" in str(refused)  # noqa: PT017 either is right
        else:
            assert told.key
