"""Cause and effect need an order in time and a link, and services of two clusters that are called alike are two."""

from datetime import UTC, datetime, timedelta

from rootline.claims.causal import is_proven, names, speaks_of
from rootline.domain.claim import Checked, Claim, LineSelector, PointerSelector, Predicate
from rootline.domain.window import Window

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = Window(start=START, end=START + timedelta(hours=1))
TWO = frozenset({"eu-1", "us-1"})


def said(subject: str, predicate: Predicate, value: str, *, mark: str = "verified") -> Checked:
    place = PointerSelector(evidence="E1", pointer="/facts/0/subject", expected=subject)
    claim = Claim(subject=subject, predicate=predicate, value=value, window=HOUR, selectors=(place,))
    return Checked(claim=claim, sentence="", mark="verified" if mark == "verified" else "contradicted")


def quoted(subject: str, words: str) -> Checked:
    line = LineSelector(evidence="E1", pointer="/facts/0/lines/1", quote=words)
    claim = Claim(subject=subject, predicate="contains", value=words, window=HOUR, selectors=(line,))
    return Checked(claim=claim, sentence="", mark="verified")


def test_an_order_with_a_dependency_is_proof() -> None:
    support = [said("store p99", "precedes", "web errors"), said("web", "depends_on", "store")]

    assert is_proven(support)
    assert not is_proven(support[:1])
    assert not is_proven([support[0], said("store", "depends_on", "web")])


def test_the_kind_of_an_object_makes_it_no_other_one() -> None:
    assert is_proven([said("app/store", "precedes", "store p99"), quoted("pod/store", "Back-off restarting")])


def test_a_dependency_in_another_cluster_is_no_link() -> None:
    order = said("eu-1/store p99", "precedes", "eu-1/web errors")

    assert is_proven([order, said("eu-1/web", "depends_on", "eu-1/store")], TWO)
    assert not is_proven([order, said("us-1/web", "depends_on", "us-1/store")], TWO)


def test_words_about_the_same_name_in_another_cluster_are_no_mechanism() -> None:
    order = said("eu-1/store p99", "precedes", "eu-1/web errors")

    assert is_proven([order, quoted("eu-1/store", "out of memory")], TWO)
    assert not is_proven([order, quoted("us-1/store", "out of memory")], TWO)


def test_between_two_clusters_only_a_chain_of_dependencies_is_a_link() -> None:
    order = said("us-1/store p99", "precedes", "eu-1/web errors")
    across = [said("eu-1/web", "depends_on", "us-1/gate"), said("us-1/gate", "depends_on", "us-1/store")]
    apart = [said("eu-1/web", "depends_on", "eu-1/gate"), said("us-1/gate", "depends_on", "us-1/store")]

    assert not is_proven([order, quoted("us-1/store", "out of memory")], TWO)
    assert is_proven([order, *across], TWO)
    assert not is_proven([order, *apart], TWO)


def test_a_chain_stays_in_its_cluster_where_a_callee_is_named_without_one() -> None:
    order = said("us-1/store p99", "precedes", "eu-1/web errors")
    chain = [said("eu-1/web", "depends_on", "gate"), said("us-1/gate", "depends_on", "us-1/store")]

    assert not is_proven([order, *chain], TWO)


def test_what_is_blamed_is_named_by_claims_of_its_own_cluster() -> None:
    support = [said("us-1/store p99", "equals", "slow"), quoted("us-1/web", "store refused")]

    assert names(support, "us-1/store", "", TWO)
    assert names(support, "us-1/app/store", "", TWO)
    assert not names(support, "eu-1/store", "", TWO)
    assert speaks_of(support, "us-1/store", "", TWO)
    assert not speaks_of(support, "eu-1/store", "", TWO)


def test_a_claim_that_failed_speaks_of_nothing() -> None:
    assert not speaks_of([said("store", "equals", "slow", mark="contradicted")], "store", "")


def test_two_namespaces_of_one_cluster_are_two_places() -> None:
    support = [said("stage/store p99", "equals", "slow")]

    assert names(support, "stage/store", "")
    assert names(support, "store", "")
    assert not names(support, "shop/store", "")
