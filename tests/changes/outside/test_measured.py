"""Causes outside of all changes that numbers measure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rootline.changes.outside.none import none_reasons
from rootline.changes.ranking import rank
from rootline.changes.symptom import Served, Symptom
from rootline.domain.change import ChangeSet, Commit, Deployment
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FAILING = ("orders: more than 5 % of requests fail",)


def reasons(**moved: tuple[str, ...]) -> list[str]:
    symptom = Symptom(
        service="orders",
        texts=moved.get("texts", FAILING),
        onset=NOON,
        rising=moved.get("rising", ()),
        falling=moved.get("falling", ()),
        outsiders=moved.get("outsiders", ()),
        steady=moved.get("steady", ()),
        traffic_ratio=1.0,
    )
    return [one.name for one in none_reasons(symptom, ChangeSet())[0] if one.weight >= 1]


@pytest.mark.parametrize(
    ("moved", "found"),
    [
        ({"rising": ("node_timex_offset_seconds of orders",)}, ["clock drift"]),
        ({"falling": ("clock_skew_seconds of billing",)}, ["clock drift"]),
        ({"falling": ("node_filesystem_avail_bytes of store",)}, ["disk full"]),
        ({"rising": ("volume_used_ratio of store",)}, ["disk full"]),
        ({"rising": ("container_pressure_cpu_waiting_seconds_per_second of orders",)}, ["neighbour takes the CPU"]),
        ({"rising": ("node_cpu_steal_seconds of orders", "process_cpu_seconds_per_second of orders")}, []),
        ({"rising": ("node_cpu_steal_seconds of billing",)}, []),
        ({"falling": ("device_cert_days_left of orders",)}, ["certificate expired"]),
        ({"rising": ("device_cert_days_left of orders",)}, []),
        ({"rising": ("servfail_per_min of resolver",)}, ["name resolution down"]),
        ({"falling": ("servfail_per_min of resolver",)}, []),
        ({"rising": ("coredns_forward_errors of resolver",)}, ["name resolution down"]),
        ({"rising": ("resolver_timeouts of orders",)}, ["name resolution down"]),
        ({"rising": ("graphql_resolver_errors of orders", "entity_resolution_failures of orders")}, []),
        ({"rising": ("node_network_carrier_changes of store",)}, ["node failure"]),
        ({"rising": ("node_edac_correctable_errors of store",)}, ["node failure"]),
        ({"rising": ("rx_crc_errors of store",)}, ["node failure"]),
        ({"rising": ("communication_errors of orders", "electronics_stock_errors of orders")}, []),
        ({"rising": ("technical_faults of orders", "txn_drops of orders")}, []),
        ({"falling": ("offsets_available of orders", "refs_free of orders")}, []),
        ({"falling": ("kubelet_nodefs_available_bytes of store",)}, ["disk full"]),
        (
            {"rising": ("volume_write_latency_ms of store",), "falling": ("volume_write_iops of store",)},
            ["node failure"],
        ),
        ({"rising": ("volume_write_latency_ms of store", "volume_write_iops of store")}, []),
        (
            {"rising": ("disk_await_ms of store",), "steady": ("disk_await_ms of store-standby",)},
            ["node failure"],
        ),
        ({"outsiders": ("bank (POST /authorise: 503)",)}, ["provider failure"]),
        ({"rising": ("http_requests_error_ratio of orders",)}, []),
    ],
)
def test_an_instrument_that_moved_names_a_cause(moved: dict[str, tuple[str, ...]], found: list[str]) -> None:
    assert [name for name in reasons(**moved) if name != "nothing before the onset"] == found


def test_words_are_not_found_inside_of_other_words() -> None:
    assert "node failure" not in reasons(texts=("the token was redacted in the answer", "predaceous input"))
    assert "node failure" in reasons(texts=("EDAC MC0: 1 CE memory read error",))


def test_what_is_measured_is_not_counted_again_by_its_words() -> None:
    told = reasons(falling=("disk_free_bytes of store",), texts=("write failed: no space left on device",))

    assert told.count("disk full") == 1


def test_words_of_overload_name_no_demand_where_no_more_was_asked() -> None:
    overloaded = ("orders is overloaded: 64 requests are waiting",)

    assert "demand" not in reasons(texts=overloaded)


@pytest.mark.parametrize(
    ("steady", "believed"), [((), True), (("clock_offset_seconds of orders",), False), (("cpu of orders",), True)]
)
def test_words_of_a_clock_are_not_believed_where_the_clocks_were_read_and_are_right(
    steady: tuple[str, ...], believed: bool
) -> None:
    told = reasons(texts=("token used before issued: clock skew",), steady=steady)

    assert ("clock drift" in told) is believed


REFACTORED = """@@ orders/volume.py @@
+    def claim(self, file, many):
+        if self.left() < many:
+            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))
@@ orders/journal.py @@
-        if self._left() < len(line):
-            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._file))
+        self._volume.claim(self._file, len(line))
"""
FULL = Symptom(
    service="orders",
    texts=("POST /put failed: OSError: [Errno 28] No space left on device (orders/volume.py:3 in claim)",),
    onset=NOON,
    falling=("volume_available_bytes of orders",),
    tolerance=timedelta(seconds=15),
)


def none_of(symptom: Symptom, diff: str = REFACTORED, *, ran: timedelta = timedelta(seconds=12)) -> float:
    commit = Commit(sha="a" * 40, at=NOON - timedelta(hours=1), message="Tidy up", files=(), diff=diff)
    deployed = Deployment(service="orders", at=NOON - ran, commit="a" * 40)
    window = Window(start=NOON - timedelta(hours=2), end=NOON + timedelta(hours=1))
    return rank(symptom, ChangeSet(commits=(commit,), deployments=(deployed,)), window).none_confidence


def test_who_wrote_the_line_that_comes_upon_a_full_volume_did_not_fill_it() -> None:
    unmeasured = replace(FULL, falling=())

    assert none_of(FULL) > 0.5 > none_of(unmeasured)


def test_a_change_that_many_calls_outlived_is_no_rival_of_a_cause_outside() -> None:
    well = tuple(NOON.timestamp() - second for second in range(9, 0, -1))
    outlived = replace(FULL, served=Served(operation="POST /put", share=1.0, well=well))

    assert none_of(outlived) > none_of(FULL)
