"""One of several likes that fails alone."""

from rootline.changes.outside.asymmetry import lone
from rootline.changes.symptom import Symptom


def found(rising: tuple[str, ...], steady: tuple[str, ...]) -> list[tuple[str, str]]:
    symptom = Symptom(service="quotes", texts=(), rising=rising, steady=steady)
    return [(dimension, moved) for dimension, moved, _ in lone(symptom)]


def test_one_machine_of_several_is_told() -> None:
    steady = ("error_ratio_node_k2 of quotes", "error_ratio_node_k9 of quotes")

    assert found(("error_ratio_node_k7 of quotes",), steady) == [("machine", "error_ratio_node_k7 of quotes")]


def test_one_partition_of_several_is_told() -> None:
    steady = ("lag_p0 of quotes", "lag_p1 of quotes")

    assert found(("lag_p3 of quotes",), steady) == [("portion", "lag_p3 of quotes")]


def test_where_as_many_moved_as_stayed_nothing_is_told() -> None:
    rising = ("error_ratio_node_k7 of quotes", "error_ratio_node_k8 of quotes")

    assert found(rising, ("error_ratio_node_k2 of quotes",)) == []


def test_one_copy_of_several_is_told() -> None:
    steady = ("disk_await_ms_pod_0 of quotes", "disk_await_ms_pod_1 of quotes")

    assert found(("disk_await_ms_pod_4 of quotes",), steady) == [("copy", "disk_await_ms_pod_4 of quotes")]


def test_a_device_of_a_store_is_alone_where_that_of_its_standby_is_well() -> None:
    rising = ("volume_write_latency_ms of quotes-db", "lock_waits of quotes-db")
    steady = ("volume_write_latency_ms of quotes-db-replica", "lock_waits of quotes-db-replica")

    assert found(rising, steady) == [("standby", "volume_write_latency_ms of quotes-db")]


def test_likes_of_other_services_and_other_words_are_no_siblings() -> None:
    steady = ("error_ratio_node_k2 of fares", "latency_p50 of quotes", "error_ratio_v2 of quotes")

    assert found(("error_ratio_node_k7 of quotes", "latency_p99 of quotes", "error_ratio_v1 of quotes"), steady) == []


def test_what_is_measured_of_a_thing_is_not_one_of_several_things() -> None:
    assert found(("volume_available_bytes of quotes",), ("volume_size_bytes of quotes",)) == []
    assert found(("disk_read_seconds of quotes",), ("disk_write_seconds of quotes",)) == []
