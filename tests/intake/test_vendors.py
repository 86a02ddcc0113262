"""What each vendor's documented payload comes to."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from tests.intake.specimens import am, am_alert, dd_default, dd_full, gf, pd, pd_ping
from tests.store.examples import NOON

from rootline.intake import alertmanager, datadog, grafana, pagerduty, reported
from rootline.intake.told import MOST_LABELS, MOST_NOTICES, BadPayload, Reader

LATER = NOON + timedelta(minutes=10)


def test_a_firing_alert_of_alertmanager_is_read_with_its_place_and_words() -> None:
    (one,) = alertmanager.read(am(am_alert(namespace="shop", cluster="eu", node="node-3")), LATER).notices

    assert (one.state, one.at, one.fired_at) == ("firing", NOON, NOON)
    assert (one.name, one.service, one.severity) == ("ErrorsHigh", "checkout", "critical")
    assert (one.cluster, one.namespace, one.host) == ("eu", "shop", "node-3")
    assert one.summary == "checkout 1 answers errors"
    assert one.link == "http://prometheus.example/graph?g0.expr=errors"


def test_an_environment_sets_alerts_apart_as_a_cluster_does() -> None:
    (one,) = alertmanager.read(am(am_alert(cluster="eu", env="staging")), LATER).notices

    assert one.cluster == "eu/staging"


def test_a_resolved_alert_is_the_same_alert_at_its_end() -> None:
    (fires,) = alertmanager.read(am(am_alert()), LATER).notices
    (ends,) = alertmanager.read(am(am_alert(state="resolved")), LATER).notices

    assert (ends.state, ends.at, ends.fired_at) == ("resolved", NOON + timedelta(minutes=9), NOON)
    assert ends.fingerprint == fires.fingerprint
    assert ends.key != fires.key


@pytest.mark.parametrize(
    ("changed", "is_same"),
    [
        ({}, True),
        ({"annotations": {"summary": "other words"}}, True),
        ({"endsAt": "2026-03-14T13:00:00Z"}, True),
        ({"fingerprint": "00000000000000ff"}, False),
        ({"startsAt": "2026-03-14T12:00:01Z"}, False),
        ({"status": "resolved"}, False),
    ],
)
def test_alertmanagers_key_is_group_fingerprint_start_and_status(changed: Mapping[str, Any], is_same: bool) -> None:
    before, after = (alertmanager.read(am(one), LATER) for one in (am_alert(), {**am_alert(), **changed}))

    assert (before.key == after.key) is is_same
    assert (before.notices[0].key == after.notices[0].key) is is_same


def test_another_group_of_alertmanager_is_another_notice_of_the_same_alert() -> None:
    (one,), (other,) = (alertmanager.read(am(am_alert(), group=group), LATER).notices for group in ("a", "b"))

    assert one.key != other.key
    assert one.fingerprint == other.fingerprint


def test_the_order_of_alerts_in_a_delivery_does_not_matter() -> None:
    one, other = (
        alertmanager.read(am(am_alert(1), am_alert(2)), LATER),
        alertmanager.read(am(am_alert(2), am_alert(1)), LATER),
    )

    assert one.key == other.key


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ({"state": "suppressed", "silencedBy": ["abc"], "inhibitedBy": []}, "silenced by abc"),
        ({"state": "suppressed", "silencedBy": [], "inhibitedBy": ["def"]}, "inhibited by def"),
        ({"state": "suppressed", "mutedBy": ["nights"]}, "muted by nights"),
        ({"state": "suppressed"}, "silenced"),
        ("suppressed", "silenced"),
        ({"state": "active", "silencedBy": []}, ""),
        ("firing", ""),
    ],
)
def test_who_keeps_an_alert_quiet_is_read(status: object, why: str) -> None:
    (one,) = alertmanager.read(am({**am_alert(), "status": status} | {}), LATER).notices

    assert (one.state, one.suppressed) == ("firing", why)


def test_grafanas_key_is_organisation_fingerprint_start_and_status() -> None:
    told = [
        grafana.read(payload, LATER).notices[0]
        for payload in (
            gf(am_alert()),
            {**gf(am_alert()), "title": "other", "groupKey": "other"},
            gf(am_alert(state="resolved")),
            gf(am_alert(), organisation=2),
            gf(am_alert(begun=LATER)),
        )
    ]

    assert [one.key == told[0].key for one in told] == [True, True, False, False, False]
    assert [one.fingerprint == told[0].fingerprint for one in told] == [True, True, True, False, True]
    assert (told[0].vendor, told[0].service, told[0].severity) == ("grafana", "checkout", "critical")


def test_alerts_that_grafana_kept_back_are_told() -> None:
    told = grafana.read({**gf(am_alert()), "truncatedAlerts": 12}, LATER)

    assert told.lost.startswith("12 more alerts of this group were not sent: set Max Alerts")
    assert grafana.read(gf(am_alert()), LATER).lost == ""


@pytest.mark.parametrize(
    ("read", "payload"),
    [
        (grafana.read, gf({**am_alert(), "annotations": None, "generatorURL": None, "endsAt": None})),
        (alertmanager.read, am({**am_alert(), "annotations": None, "endsAt": None})),
        (datadog.read, {**dd_full(), "alert_id": None, "hostname": None, "tags": None}),
    ],
)
def test_a_field_of_a_payload_that_is_null_loses_no_alert(read: Reader, payload: object) -> None:
    (one,) = read(payload, LATER).notices

    assert one.service == "checkout"


def test_an_incident_of_pagerduty_is_an_alert_under_the_events_id() -> None:
    told = pagerduty.read(pd(), LATER)

    (one,) = told.notices
    assert one.key == told.key == pagerduty.read(pd(at=LATER), LATER).key
    assert (one.name, one.service, one.severity) == ("Checkout answers errors", "checkout", "critical")
    assert one.link == "https://x.pagerduty.example/incidents/PINC1"


@pytest.mark.parametrize(
    ("kind", "state", "by"),
    [
        ("incident.triggered", "firing", ""),
        ("incident.acknowledged", "firing", "Grace Example"),
        ("incident.escalated", "firing", ""),
        ("incident.resolved", "resolved", ""),
        ("incident.reopened", "firing", ""),
    ],
)
def test_what_happens_to_an_incident_of_pagerduty_happens_to_one_alert(kind: str, state: str, by: str) -> None:
    (first,) = pagerduty.read(pd(), LATER).notices
    (one,) = pagerduty.read(pd(kind, at=LATER), LATER).notices

    assert (one.state, one.acknowledged_by, one.at) == (state, by, LATER)
    assert one.fired_at == (LATER if kind in {"incident.reopened", "incident.triggered"} else NOON)
    assert one.fingerprint == first.fingerprint


@pytest.mark.parametrize("payload", [pd_ping(), {**pd(), "event": {**pd()["event"], "event_type": "service.updated"}}])
def test_an_event_of_pagerduty_that_is_no_incident_tells_of_no_alert(payload: Mapping[str, Any]) -> None:
    assert pagerduty.read(payload, LATER).notices == ()


def test_datadogs_default_payload_is_read_by_its_title() -> None:
    (fires,) = datadog.read(dd_default(), LATER).notices
    (ends,) = datadog.read(dd_default("Recovered", 2, at=LATER), LATER).notices

    assert (fires.state, fires.name, fires.service, fires.host) == ("firing", "Errors are high", "checkout", "web-1")
    assert (fires.severity, fires.at) == ("high", NOON)
    assert (ends.state, ends.at) == ("resolved", LATER)
    assert ends.fingerprint == fires.fingerprint


@pytest.mark.parametrize(("priority", "severity"), [("P1", "critical"), ("P2", "high"), ("P4", "low")])
def test_a_monitor_of_datadog_with_a_priority_is_the_same_alert_with_its_severity(priority: str, severity: str) -> None:
    plain, fires = dd_default("Warn"), dd_default("Warn", 2)

    (one,) = datadog.read({**fires, "title": f"[{priority}] {fires['title']}"}, LATER).notices

    assert (one.state, one.name, one.service, one.severity) == ("firing", "Errors are high", "checkout", severity)
    assert one.fingerprint == datadog.read(plain, LATER).notices[0].fingerprint


def test_datadogs_fuller_payload_tells_more() -> None:
    (one,) = datadog.read(dd_full(), LATER).notices

    assert (one.cluster, one.namespace, one.host) == ("eu/production", "shop", "web-1")
    assert (one.severity, one.link) == ("high", "https://app.datadoghq.example/event/event?id=1")


def test_datadogs_key_is_event_and_transition() -> None:
    told = [datadog.read(one, LATER) for one in (dd_full(), dd_full(at=LATER), dd_full("Warn"), dd_full(number=2))]

    assert [one.key == told[0].key for one in told] == [True, True, False, False]
    assert [one.notices[0].fingerprint == told[0].notices[0].fingerprint for one in told] == [True] * 4


@pytest.mark.parametrize(
    ("word", "state", "severity"),
    [
        ("Re-Triggered", "firing", "high"),
        ("Renotify", "firing", "high"),
        ("Warn", "firing", "medium"),
        ("No Data", "firing", "medium"),
        ("Recovered", "resolved", "high"),
    ],
)
def test_every_transition_of_datadog_is_known(word: str, state: str, severity: str) -> None:
    (one,) = datadog.read(dd_default(word), LATER).notices

    assert (one.state, one.severity) == (state, severity)


def test_an_event_of_datadog_that_is_no_alert_tells_of_none() -> None:
    told = datadog.read({"id": 12, "title": "Somebody commented", "date": 1}, LATER)

    assert told.notices == ()
    assert told.remark == "this is no transition of a monitor, so no alert"


@pytest.mark.parametrize("date", ["", "yesterday", "inf", "nan", "-1e99", "1e400"])
def test_a_date_of_datadog_that_is_none_is_the_moment_it_came(date: str) -> None:
    (one,) = datadog.read({**dd_default(), "date": date, "last_updated": ""}, LATER).notices

    assert one.at == LATER


@pytest.mark.parametrize("begun", ["2199-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z"])
def test_no_alert_began_in_the_future_or_before_there_were_any(begun: str) -> None:
    (one,) = alertmanager.read(am({**am_alert(), "startsAt": begun}), LATER).notices

    assert (one.at, one.fired_at) == (LATER, LATER)


def test_a_little_disagreement_of_clocks_is_kept() -> None:
    soon = LATER + timedelta(minutes=4)

    (one,) = alertmanager.read(am(am_alert(begun=soon)), LATER).notices

    assert one.at == soon


def test_hostile_text_is_cut_and_kept() -> None:
    labels = {f"label{at}": "x" * 5000 for at in range(500)}
    huge = {**am_alert(), "labels": {**am_alert()["labels"], **labels}, "annotations": {"summary": "\x00\ud83d" * 9000}}

    (one,) = alertmanager.read(am(huge), LATER).notices

    assert len(one.labels) <= MOST_LABELS
    assert max(len(value) for value in one.labels.values()) <= 500
    assert len(one.summary) <= 2000


def test_at_most_so_many_alerts_are_taken_at_once() -> None:
    with pytest.raises(BadPayload, match="Send fewer at once"):
        alertmanager.read(am(*[am_alert()] * (MOST_NOTICES + 1)), LATER)


@pytest.mark.parametrize(
    ("read", "payload", "told"),
    [
        (alertmanager.read, [], "the whole"),
        (alertmanager.read, "text", "the whole"),
        (alertmanager.read, {"alerts": []}, "groupKey"),
        (alertmanager.read, {**am(), "alerts": "all"}, "alerts: Input should be a valid list"),
        (alertmanager.read, {**am(), "alerts": {"0": am_alert()}}, "alerts: Input should be a valid list"),
        (alertmanager.read, {**am(am_alert()), "groupKey": ""}, "groupKey: String should have at least 1"),
        (alertmanager.read, {**am(), "alerts": [{"labels": {}}]}, "none of its 1 alerts can be read"),
        (alertmanager.read, {**am(), "alerts": ["a", 2, None]}, "none of its 3 alerts can be read.*alerts.0: Input"),
        (grafana.read, {"orgId": 1, "alerts": [{"fingerprint": "", "startsAt": "x"}]}, "none of its 1 alerts"),
        (grafana.read, {"orgId": 1}, "alerts: Field required"),
        (pagerduty.read, {"messages": []}, "event"),
        (pagerduty.read, {"event": "triggered"}, "event: Input should be"),
        (pagerduty.read, {"event": {**pd()["event"], "data": [1]}}, "id: Field required"),
        (pagerduty.read, {"event": {**pd()["event"], "data": {"id": {}}}}, "id: Input should be a valid string"),
        (pagerduty.read, {"event": {"id": "", "event_type": "x", "occurred_at": "x"}}, "event.id"),
        (datadog.read, {"title": "[Triggered] x"}, "id"),
        (datadog.read, {**dd_full(), "id": ["1"]}, "id: Input should be a valid string"),
        (reported.read, {"changes": []}, "changes"),
        (reported.read, {"kind": "rumour", "service": "x"}, "changes.0"),
        (reported.read, {"kind": "flag", "service": "x", "flag": "f", "tenant": "other"}, "changes.0.flag.tenant"),
        (reported.read, {"kind": "config", "service": "x", "key": "k", "after": "y" * 2001}, "after"),
    ],
)
def test_what_is_no_payload_of_the_vendor_is_refused_by_the_field(read: Reader, payload: object, told: str) -> None:
    with pytest.raises(BadPayload, match=told):
        read(payload, LATER)


def test_a_deployment_a_key_and_a_flag_are_read_as_reported() -> None:
    told = reported.read(
        {
            "changes": [
                {"kind": "deployment", "service": "cart", "commit": "b2", "previous_commit": "a1", "version": "2.1"},
                {
                    "kind": "config",
                    "service": "cart",
                    "key": "POOL",
                    "before": 10,
                    "after": 2,
                    "at": "2026-03-14T12:00:00Z",
                },
                {"kind": "flag", "service": "cart", "flag": "fast", "before": False, "after": True, "actor": "ada"},
            ]
        },
        LATER,
    )

    found = [(one.kind, one.name, one.before, one.after, one.version, one.actor, one.at) for one in told.changes]
    assert found == [
        ("deployment", "", "a1", "b2", "2.1", "", LATER),
        ("config", "POOL", "10", "2", "", "", NOON),
        ("flag", "fast", "false", "true", "", "ada", LATER),
    ]


def test_one_change_needs_no_list_and_the_same_id_is_the_same_change() -> None:
    one = {"kind": "flag", "service": "cart", "flag": "fast", "after": True, "id": "f-1"}

    told = [
        reported.read(payload, LATER)
        for payload in (one, {"changes": [one]}, {**one, "after": False}, {**one, "id": "f-2"})
    ]

    assert [each.key == told[0].key for each in told] == [True, True, True, False]


def test_a_change_is_not_reported_before_it_happens() -> None:
    with pytest.raises(BadPayload, match="has not come yet"):
        reported.read({"kind": "flag", "service": "x", "flag": "f", "at": "2199-01-01T00:00:00Z"}, LATER)


def test_alerts_that_alertmanager_cut_off_are_counted() -> None:
    whole = alertmanager.read(am(am_alert()), LATER)
    cut_off = alertmanager.read({**am(am_alert()), "truncatedAlerts": 17}, LATER)

    assert whole.lost == ""
    assert cut_off.lost.startswith("17 more alerts of this group were not sent: set max_alerts")
    assert (cut_off.key, cut_off.notices) == (whole.key, whole.notices)
