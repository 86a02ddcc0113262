"""The hash of evidence is over its canonical JSON, as it has been since the first one was stored."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from rootline.domain.evidence import (
    ClusterOutcome,
    Evidence,
    JsonObject,
    Reading,
    SourceName,
    Status,
    canonical,
    fingerprint,
    is_intact,
)
from rootline.domain.fact import AnyFact, NameFact, SeriesFact
from rootline.domain.points import Points
from rootline.domain.window import Window

WINDOW = Window(start=datetime(2026, 3, 14, 11, tzinfo=UTC), end=datetime(2026, 3, 14, 12, tzinfo=UTC))


def series(points: Points, **fields: object) -> SeriesFact:
    told = {"subject": "a b", "service": "a", "metric": "b", "direction": "up", "points": points}
    return SeriesFact.model_validate(told | {"baseline": 1e-5, "current": 2.0, "peak": 1e20} | fields)


def reading(*facts: AnyFact) -> Reading:
    return Reading(status="ok", summary="x", facts=facts, source=SourceName(backend="p", url="u"), window=WINDOW)


def test_samples_are_hashed_as_if_they_had_been_rendered_with_the_rest() -> None:
    found = reading(
        series(Points.listed([(1773486000.0, 0.2), (1773486060.0, None), (1773486120.0, 1e-9)])),
        NameFact(subject='é "points":null', asked="names"),
        series(Points(), labels={"points": '"points":null'}),
    )

    content: JsonObject = {
        "tool": "query_metrics",
        "arguments": {"metric": "b"},
        "source": {"backend": "p", "cluster": ""},
        "window": WINDOW.model_dump(mode="json"),
        "status": "ok",
        "facts": [
            fact.model_dump(mode="json")
            | ({"points": json.loads(fact.points.text)} if isinstance(fact, SeriesFact) else {})
            for fact in found.facts
        ],
    }
    assert (
        fingerprint("query_metrics", {"metric": "b"}, found) == hashlib.sha256(canonical(content).encode()).hexdigest()
    )


def evidence(found: Reading, sha256: str) -> Evidence:
    return Evidence(label="E1", tool="query_metrics", arguments={}, reading=found, sha256=sha256, taken_at=WINDOW.end)


def test_the_hash_of_a_series_is_the_one_that_was_stored() -> None:
    found = reading(series(Points.listed([(1773486000.0, 0.2), (1773486060.0, None), (1773486120.0, 1e-9)])))

    assert fingerprint("query_metrics", {}, found) == "6d42041db1eefdf0e81878beeb9593f3b77a811e0fc4696bdfb44b89315f94bd"


def test_evidence_that_earlier_versions_stored_is_intact_and_altered_evidence_is_not() -> None:
    earlier = "660715eb026a0bb8f0cb94ca1b3108f7c2828c677e913aaa0c7b3b0aa6a50df2"
    pairs = [(1773486000.0, 0.2), (1773486060.0, None), (1773486120.0, 1e-9)]

    assert is_intact(evidence(reading(series(Points.listed(pairs))), earlier))
    assert not is_intact(evidence(reading(series(Points.listed(pairs[:2]))), earlier))
    assert not is_intact(evidence(reading(series(Points.listed(pairs), metric="c")), earlier))


def test_evidence_is_intact_as_long_as_nothing_of_it_is_altered() -> None:
    found, other = (reading(series(Points.listed([(1.0, value), (2.0, None)]))) for value in (0.1, 0.2))

    digest = fingerprint("query_metrics", {}, found)

    assert is_intact(evidence(found, digest))
    assert not is_intact(evidence(other, digest))
    assert not is_intact(evidence(reading(NameFact(subject="a", asked="names")), digest))


def test_what_has_no_canonical_form_is_not_intact() -> None:
    assert not is_intact(evidence(reading(series(Points(), effect=float("nan"))), "0" * 64))


def test_one_other_sample_is_another_hash() -> None:
    first, other = (reading(series(Points.listed([(1.0, value)]))) for value in (0.1, 0.10000000000000002))

    assert fingerprint("query_metrics", {}, first) != fingerprint("query_metrics", {}, other)


def test_what_is_no_number_has_no_canonical_form() -> None:
    with pytest.raises(ValueError, match="JSON"):
        fingerprint("query_metrics", {}, reading(series(Points(), effect=float("nan"))))


def of_clusters(detail: str, status: Status = "error") -> Reading:
    gone = ClusterOutcome(cluster="east-1", asked="metrics", status=status, detail=detail)
    well = ClusterOutcome(cluster="west-1", asked="metrics", status="ok")
    return reading(NameFact(subject="cart", asked="names")).model_copy(update={"clusters": (gone, well)})


def formerly(found: Reading) -> str:
    """Hash evidence as it was before the words of a failure were left out."""
    content: JsonObject = {
        "tool": "query_metrics",
        "arguments": {},
        "source": {"backend": "p", "cluster": ""},
        "window": WINDOW.model_dump(mode="json"),
        "status": "ok",
        "facts": [fact.model_dump(mode="json") for fact in found.facts],
        "clusters": [one.model_dump(mode="json") for one in found.clusters],
    }
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def test_the_words_of_a_clusters_failure_are_not_hashed_but_which_failed_and_how_is() -> None:
    one, other = (of_clusters(f"connection refused by 127.0.0.1:{port}") for port in (40321, 51999))

    hashes = [fingerprint("query_metrics", {}, each) for each in (one, other, of_clusters("x", "timeout"))]

    assert hashes[0] == hashes[1] != hashes[2]
    assert hashes[0] != fingerprint("query_metrics", {}, one.model_copy(update={"clusters": one.clusters[1:]}))


def test_evidence_that_was_hashed_with_those_words_is_still_intact_and_forged_evidence_is_not() -> None:
    found = of_clusters("connection refused by 127.0.0.1:40321")
    forged = found.model_copy(update={"facts": (NameFact(subject="web", asked="names"),)})

    assert [is_intact(evidence(found, sha256)) for sha256 in (formerly(found), "0" * 64)] == [True, False]
    assert is_intact(evidence(found, fingerprint("query_metrics", {}, found)))
    assert not is_intact(evidence(forged, formerly(found)))
    assert not is_intact(evidence(of_clusters("other words"), formerly(found)))
