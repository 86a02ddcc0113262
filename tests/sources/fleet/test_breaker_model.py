"""Whatever happens in whatever order, a breaker keeps its promises."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from rootline.sources.fleet.breaker import FAILURES, LONGEST_PAUSE_S, PAUSE_S, Breaker


@dataclass
class Clock:
    """A clock that goes on when it is told to."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


EVENTS = st.lists(
    st.one_of(
        st.sampled_from(["ask", "worked", "failed", "withdrawn"]), st.floats(0, 400).map(lambda one: round(one, 1))
    ),
    max_size=60,
)


@settings(deadline=None)
@given(events=EVENTS, chance=st.floats(0, 0.999))
def test_any_sequence_of_events_keeps_the_promises(events: list[str | float], chance: float) -> None:
    clock = Clock()
    breaker = Breaker(clock=clock, randomness=lambda: chance)
    in_a_row = 0

    for event in events:
        before = breaker.state
        if isinstance(event, float):
            clock.now += event
        elif event == "ask":
            admitted = breaker.admits()
            assert admitted == (before == "closed" or (before == "half_open" and admitted))
            assert not (admitted and before == "open")
        elif event == "worked":
            breaker.worked()
            in_a_row = 0
            assert breaker.state == "closed"
        elif event == "failed":
            breaker.failed()
            in_a_row += 1
        else:
            breaker.withdrawn()
        assert breaker.failures == in_a_row
        assert 0 <= breaker.pause_left_s <= LONGEST_PAUSE_S
        assert (breaker.state == "closed") or in_a_row >= FAILURES


@given(chance=st.floats(0, 0.999), rounds=st.integers(1, 10))
def test_each_pause_is_at_least_half_and_at_most_all_of_its_length(chance: float, rounds: int) -> None:
    clock = Clock()
    breaker = Breaker(clock=clock, randomness=lambda: chance)
    for _ in range(FAILURES):
        breaker.failed()

    for at in range(rounds):
        whole = min(PAUSE_S * 2**at, LONGEST_PAUSE_S)
        assert whole / 2 <= breaker.pause_left_s <= whole
        clock.now += breaker.pause_left_s
        assert breaker.admits()
        assert not breaker.admits()
        breaker.failed()


def test_a_trial_that_works_closes_it_for_everybody() -> None:
    clock = Clock()
    breaker = Breaker(clock=clock, randomness=lambda: 0.0)
    for _ in range(FAILURES):
        breaker.failed()
    clock.now += PAUSE_S

    assert (breaker.state, breaker.admits(), breaker.admits()) == ("half_open", True, False)
    breaker.worked()
    assert (breaker.state, breaker.admits(), breaker.failures, breaker.pause_left_s) == ("closed", True, 0, 0.0)
