"""The hash of evidence is over its canonical JSON, as it has been since the first one was stored."""

import hashlib
from datetime import UTC, datetime

import pytest

from rootline.domain.evidence import JsonObject, Reading, SourceName, canonical, fingerprint
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
        "facts": [fact.model_dump(mode="json") for fact in found.facts],
    }
    assert (
        fingerprint("query_metrics", {"metric": "b"}, found) == hashlib.sha256(canonical(content).encode()).hexdigest()
    )


def test_the_hash_of_a_series_is_the_one_that_earlier_versions_stored() -> None:
    found = reading(series(Points.listed([(1773486000.0, 0.2), (1773486060.0, None), (1773486120.0, 1e-9)])))

    assert fingerprint("query_metrics", {}, found) == "660715eb026a0bb8f0cb94ca1b3108f7c2828c677e913aaa0c7b3b0aa6a50df2"


def test_one_other_sample_is_another_hash() -> None:
    first, other = (reading(series(Points.listed([(1.0, value)]))) for value in (0.1, 0.10000000000000002))

    assert fingerprint("query_metrics", {}, first) != fingerprint("query_metrics", {}, other)


def test_what_is_no_number_has_no_canonical_form() -> None:
    with pytest.raises(ValueError, match="JSON"):
        fingerprint("query_metrics", {}, reading(series(Points(), effect=float("nan"))))
