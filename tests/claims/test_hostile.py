"""Whatever a model writes as a claim, and whatever stands in the evidence: a mark comes back, never an error."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.claims.world import World, stored

from rootline.claims.checker import Checker, check
from rootline.claims.recheck import recheck
from rootline.domain.claim import Claim, LineSelector, PointerSelector, Predicate, Selector, SeriesSelector
from rootline.domain.fact import SeriesFact
from rootline.domain.points import Points
from rootline.domain.window import Window

WORLD = World(11)
CHECKER = Checker(WORLD.evidence)
LABELS = st.sampled_from([*WORLD.evidence, "E999999"])
SUBJECTS = st.sampled_from([fact.subject for one in WORLD.evidence.values() for fact in one.reading.facts])
MOMENTS = st.datetimes(timezones=st.just(UTC)) | st.just(WORLD.onset)
POINTERS = st.one_of(
    st.text(max_size=300),
    st.builds("/facts/{}/{}".format, st.integers(-1, 30), st.sampled_from(["onset", "label", "points/3/1", "lines/1"])),
    st.just("/status"),
)
SCALARS = st.one_of(st.floats(), st.booleans(), st.text(max_size=60), st.none(), MOMENTS.map(datetime.isoformat))
SELECTORS: st.SearchStrategy[Selector] = st.one_of(
    st.builds(PointerSelector, evidence=LABELS, pointer=POINTERS, expected=SCALARS),
    st.builds(LineSelector, evidence=LABELS, pointer=POINTERS, quote=st.text(min_size=1, max_size=100)),
    st.builds(
        SeriesSelector, evidence=LABELS, series=SUBJECTS | st.text(max_size=50), at=MOMENTS, expected=st.floats()
    ),
)
MILLISECOND = timedelta(milliseconds=1)
WINDOWS = st.just(WORLD.window) | st.tuples(MOMENTS, MOMENTS).filter(lambda pair: pair[1] - pair[0] >= MILLISECOND).map(
    lambda pair: Window(start=pair[0], end=pair[1])
)
PREDICATES: st.SearchStrategy[Predicate] = st.sampled_from(
    [
        "rose",
        "fell",
        "equals",
        "contains",
        "absent",
        "precedes",
        "started",
        "ended",
        "depends_on",
        "changed",
        "is_healthy",
    ]
)
CLAIMS = st.builds(
    Claim,
    subject=SUBJECTS | st.text(min_size=1, max_size=60),
    predicate=PREDICATES,
    value=SCALARS | st.tuples(st.floats(), st.floats()),
    unit=st.sampled_from(["", "ms", "s", "ratio", "\x1b[31m"]),
    window=WINDOWS,
    selectors=st.lists(SELECTORS, min_size=1, max_size=3).map(tuple),
)


@given(CLAIMS)
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_claim_breaks_the_checker(claim: Claim) -> None:
    checked = CHECKER.check(claim)

    assert checked.is_fact or checked.reason
    assert checked.sentence.isprintable()
    assert recheck(claim, WORLD.evidence).mark in {"verified", "stale", "not_found"}


@pytest.mark.parametrize("field", ["points", "effect"])
@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_evidence_without_a_canonical_form_is_not_trusted(bad: float, field: str) -> None:
    window = WORLD.window
    fact = SeriesFact(subject="a b", service="a", metric="b", direction="up", baseline=1.0, current=2.0, peak=2.0)
    good = stored("E1", [fact], window)
    altered = {"points": Points.listed([(window.start.timestamp(), bad)]), "effect": bad}
    broken = fact.model_copy(update={field: altered[field]})
    evidence = good.model_copy(update={"reading": good.reading.model_copy(update={"facts": (broken,)})})
    place = PointerSelector(evidence="E1", pointer="/facts/0/current", expected=2.0)
    claim = Claim(subject="a b", predicate="equals", value=2.0, window=window, selectors=(place,))

    assert check(claim, {"E1": evidence}).reason == "E1 is not what was stored: its hash differs"


def test_altered_evidence_is_not_trusted() -> None:
    original = WORLD.evidence["E1"]
    fact = original.reading.facts[0]
    assert isinstance(fact, SeriesFact)
    forged = fact.model_copy(update={"current": 1.0})
    evidence = original.model_copy(update={"reading": original.reading.model_copy(update={"facts": (forged,)})})
    place = PointerSelector(evidence="E1", pointer="/facts/0/current", expected=1.0)
    claim = Claim(subject=fact.subject, predicate="rose", value=1.0, window=WORLD.window, selectors=(place,))

    checked = check(claim, {"E1": evidence})

    assert (checked.mark, checked.reason) == ("not_found", "E1 is not what was stored: its hash differs")


def test_evidence_under_another_label_is_not_found() -> None:
    place = PointerSelector(evidence="E2", pointer="/facts/0/count", expected=1.0)
    claim = Claim(subject="x", predicate="equals", value=1.0, window=WORLD.window, selectors=(place,))

    assert check(claim, {"E2": WORLD.evidence["E1"]}).reason == "there is no E2"


def test_a_huge_line_is_read_within_bounds() -> None:
    fact = WORLD.evidence["E5"].reading.facts[0].model_copy(update={"lines": ["ab" * 500_000 + " end"]})
    evidence = stored("E1", [fact], WORLD.window)
    place = LineSelector(evidence="E1", pointer="/facts/0/lines/0", quote="ba")
    claim = Claim(subject=fact.subject, predicate="contains", value="ba", window=WORLD.window, selectors=(place,))

    assert check(claim, {"E1": evidence}).mark == "not_found"
