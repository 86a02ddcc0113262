"""A registered cluster has a name of its own, and its state is told from its sources."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rootline.domain.fleet import Cluster, Endpoint, SourceHealth, health_score, state_of

AT = datetime(2026, 3, 1, tzinfo=UTC)
WELL = SourceHealth(cluster="eu-1", source="prometheus", last_success=AT)
FAILING = SourceHealth(cluster="eu-1", source="loki", last_success=AT, last_failure=AT, failures=3)
NEVER_ASKED = SourceHealth(cluster="eu-1", source="jaeger")


@pytest.mark.parametrize("name", ["eu-1", "abc", "0a0", "a" * 63, "a--b"])
def test_a_name_that_is_a_label_is_taken(name: str) -> None:
    assert Cluster(name=name, created_at=AT).name == name


@pytest.mark.parametrize(
    "name", ["", "a", "ab", "-ab", "ab-", "Eu-1", "eu_1", "eu.1", "eu/1", "a" * 64, "eu 1", "eu-1\n", "ünö"]
)
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="name"):
        Cluster(name=name, created_at=AT)


def test_the_word_for_every_cluster_is_no_name_of_one() -> None:
    with pytest.raises(ValidationError, match="'all' means every cluster"):
        Cluster(name="all", created_at=AT)


@pytest.mark.parametrize(
    ("field", "written", "kept"),
    [
        ("environment", "PRODUCTION", "production"),
        ("platform", "OpenShift", "openshift"),
        ("cluster_type", "FAR_EDGE", "far_edge"),
    ],
)
def test_the_upper_case_of_other_systems_is_taken(field: str, written: str, kept: str) -> None:
    assert getattr(Cluster.model_validate({"name": "eu-1", "created_at": AT, field: written}), field) == kept


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("environment", "prod"),
        ("environment", 7),
        ("platform", ""),
        ("cluster_type", None),
        ("display_name", "x" * 129),
        ("region", "x" * 201),
        ("labels", {str(one): "x" for one in range(65)}),
        ("labels", {"x" * 201: "y"}),
        ("created_at", datetime(2026, 3, 1)),  # noqa: DTZ001 that it has no zone is the point
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(field: str, value: object) -> None:
    with pytest.raises(ValidationError, match=field):
        Cluster.model_validate({"name": "eu-1", "created_at": AT, field: value})


def test_an_address_of_a_backend_is_bounded() -> None:
    with pytest.raises(ValidationError, match="url"):
        Endpoint(kind="prometheus", url="http://" + "x" * 2000)


def test_a_cluster_reads_back_as_it_was_written() -> None:
    one = Cluster(
        name="eu-1",
        labels={"team": "shop"},
        endpoints=(Endpoint(kind="prometheus", url="http://p", tenant="t"),),
        repositories=("shop",),
        created_at=AT,
    )

    assert Cluster.model_validate_json(one.model_dump_json()) == one


@pytest.mark.parametrize(
    ("rows", "state", "score"),
    [
        ([], "unknown", 0),
        ([WELL], "online", 100),
        ([FAILING], "offline", 0),
        ([NEVER_ASKED], "offline", 0),
        ([WELL, FAILING], "degraded", 50),
        ([WELL, WELL, FAILING], "degraded", 67),
        ([WELL, FAILING, NEVER_ASKED], "degraded", 33),
    ],
)
def test_how_a_cluster_does_is_how_its_sources_do(rows: list[SourceHealth], state: str, score: int) -> None:
    assert (state_of(rows), health_score(rows)) == (state, score)


@given(rows=st.lists(st.sampled_from([WELL, FAILING, NEVER_ASKED]), max_size=12))
def test_a_score_is_full_only_where_all_is_well_and_nothing_only_where_nothing_is(rows: list[SourceHealth]) -> None:
    score, state = health_score(rows), state_of(rows)

    assert 0 <= score <= 100
    assert (score == 100) == (state == "online")
    assert (score == 0) == (state in {"offline", "unknown"})


def test_failures_are_no_less_than_none() -> None:
    with pytest.raises(ValidationError, match="failures"):
        SourceHealth(cluster="eu-1", source="x", failures=-1)
