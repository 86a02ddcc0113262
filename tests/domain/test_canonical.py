"""The hash of evidence depends on what was asked and what came back, and on nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from rootline.domain.evidence import ClusterOutcome, Evidence, Reading, SourceName, canonical, clusters_of, fingerprint
from rootline.domain.fact import EdgeFact, TextFact
from rootline.domain.window import Window

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = Window(start=START, end=START + timedelta(hours=1))
TEXT = TextFact(subject="pod/cart", asked="pods", lines=["a", "b"])
READING = Reading(status="ok", summary="two lines", facts=(TEXT,), source=SourceName(backend="recorded"), window=HOUR)
JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=15,
)


def turned(value: JsonValue) -> JsonValue:
    """The same value, its keys written the other way round."""
    if isinstance(value, dict):
        return {key: turned(inner) for key, inner in reversed(value.items())}
    return [turned(one) for one in value] if isinstance(value, list) else value


@given(value=JSON)
def test_the_order_of_keys_is_no_part_of_the_canonical_form(value: JsonValue) -> None:
    assert canonical(turned(value)) == canonical(value)


@given(arguments=st.dictionaries(st.text(max_size=8), JSON, max_size=5))
def test_the_order_in_which_arguments_were_written_changes_no_hash(arguments: dict[str, JsonValue]) -> None:
    turned_round = dict(reversed(arguments.items()))

    assert fingerprint("read", turned_round, READING) == fingerprint("read", arguments, READING)


BASE = fingerprint("read", {"a": 1}, READING)


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        ({"summary": "told otherwise"}, True),
        ({"hints": ("ask for more",)}, True),
        ({"source": SourceName(backend="recorded", url="http://seen.example/")}, True),
        ({"status": "partial"}, False),
        ({"facts": ()}, False),
        ({"facts": (TEXT, TEXT)}, False),
        ({"facts": (TEXT.model_copy(update={"lines": ["b", "a"]}),)}, False),
        ({"source": SourceName(backend="live")}, False),
        ({"source": SourceName(backend="recorded", cluster="eu-1")}, False),
        ({"window": Window(start=START, end=START + timedelta(hours=2))}, False),
        ({"clusters": (ClusterOutcome(cluster="eu-1", asked="metrics", status="ok"),)}, False),
    ],
)
def test_words_and_links_change_no_hash_and_everything_else_does(change: dict[str, object], *, is_same: bool) -> None:
    assert (fingerprint("read", {"a": 1}, READING.model_copy(update=change)) == BASE) is is_same


def test_another_tool_and_other_arguments_are_another_hash() -> None:
    assert len({BASE, fingerprint("other", {"a": 1}, READING), fingerprint("read", {"a": 2}, READING)}) == 3


def test_the_order_of_facts_is_part_of_the_hash_since_claims_count_them() -> None:
    edge = EdgeFact(subject="cart", callee="store", found_in="traces")

    hashes = {
        fingerprint("read", {}, READING.model_copy(update={"facts": facts})) for facts in ((TEXT, edge), (edge, TEXT))
    }

    assert len(hashes) == 2


def stored(label: str = "E1", *clusters: str) -> Evidence:
    told = tuple(ClusterOutcome(cluster=one, asked="metrics", status="ok") for one in clusters)
    reading = READING.model_copy(update={"clusters": told})
    return Evidence(label=label, tool="read", arguments={}, reading=reading, sha256="0" * 64, taken_at=START)


def test_a_copy_that_went_through_json_has_the_same_hash() -> None:
    again = Evidence.model_validate_json(stored().model_dump_json())

    assert fingerprint(again.tool, again.arguments, again.reading) == fingerprint("read", {}, READING)
    assert again.window == HOUR


@pytest.mark.parametrize("label", ["E0", "E01", "e1", "E", "E1 ", "1", "EE1", ""])
def test_a_label_is_a_letter_and_a_number_from_one(label: str) -> None:
    with pytest.raises(ValidationError, match="label"):
        stored(label)


def test_the_clusters_asked_are_those_of_all_the_evidence() -> None:
    assert clusters_of([stored("E1", "eu-1", "us-1"), stored("E2"), stored("E3", "eu-1", "")]) == {"eu-1", "us-1"}
    assert clusters_of([]) == frozenset()


def test_a_kind_of_source_is_told_in_peoples_words() -> None:
    assert ClusterOutcome(cluster="eu-1", asked="cluster", status="ok").noun == "Kubernetes"
    assert ClusterOutcome(cluster="eu-1", asked="logs", status="ok").noun == "logs"
