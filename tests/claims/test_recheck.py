from tests.claims.world import World, stored

from rootline.claims import build
from rootline.claims.recheck import recheck
from rootline.domain.fact import AnyFact, LogFact

WORLD = World(51)


def log(count: int, service: str = "cart") -> LogFact:
    return LogFact(subject=service, template="refused <*>", count=count, baseline_count=1, exemplar="refused 7")


def again(*facts: AnyFact) -> str:
    claim = build.rose(stored("E1", [log(90)], WORLD.window), 0)
    assert claim is not None
    return recheck(claim, {"E1": stored("E1", facts, WORLD.window)}).mark


def test_what_still_holds_is_verified_again() -> None:
    assert again(log(90)) == "verified"


def test_a_fact_that_moved_to_another_place_still_holds() -> None:
    assert again(log(5, "stock"), log(90)) == "verified"


def test_what_the_source_now_says_otherwise_is_stale() -> None:
    claim = build.rose(stored("E1", [log(90)], WORLD.window), 0)
    assert claim is not None

    checked = recheck(claim, {"E1": stored("E1", [log(400)], WORLD.window)})

    assert (checked.mark, checked.reason) == ("stale", "read again: E1 /facts/0/count says 400")


def test_what_is_gone_is_stale() -> None:
    assert again(log(90, "stock")) == "stale"


def test_a_source_that_does_not_answer_decides_nothing() -> None:
    claim = build.rose(stored("E1", [log(90)], WORLD.window), 0)
    assert claim is not None

    silent = recheck(claim, {"E1": stored("E1", (), WORLD.window, status="timeout")})
    missing = recheck(claim, {})

    assert [(one.mark, one.reason) for one in (silent, missing)] == [("not_found", "E1 could not be read again")] * 2
