"""What verified claims show, in plain words."""

from tests.claims.world import World

from rootline.claims.shown import shown
from rootline.domain.claim import Claim, LineSelector, PointerSelector, Predicate
from rootline.domain.window import Window


def claim(subject: str, predicate: Predicate, value: str | float = 1.0) -> Claim:
    selector = (
        LineSelector(evidence="E1", pointer="/facts/0/lines/0", quote=str(value))
        if predicate == "contains"
        else PointerSelector(evidence="E1", pointer="/facts/0/current", expected=value)
    )
    return Claim(subject=subject, predicate=predicate, value=value, window=window(), selectors=(selector,))


def window() -> Window:
    return World(1).window


def test_measures_whose_names_are_written_in_humps_are_told_in_words_once() -> None:
    claims = [
        claim("db-1 ReplicaLag{stat=Maximum}", "rose"),
        claim("db-1 CPUUtilization", "equals"),
        claim("db-1 WriteIOPS{stat=Average}", "rose"),
        claim("db-1 ReplicaLag{stat=Average}", "rose"),
    ]

    assert shown(claims) == "seen in replica lag, CPU utilization, write IOPS"


def test_measures_that_are_words_already_are_not_told_again() -> None:
    assert shown([claim("till http_request_duration_seconds", "rose")]) == ""


def test_an_exit_code_is_told_with_the_signal_that_it_stands_for() -> None:
    lines = [
        claim("describe pods till-1 -n shop", "contains", "      Exit Code:  143"),
        claim("get events -n shop", "contains", "last terminated: reason=Error, exit_code=1"),
    ]

    assert shown(lines) == "the container ended with exit code 143 (SIGTERM) and exit code 1"


def test_an_exit_code_of_zero_and_text_without_one_tell_nothing() -> None:
    assert shown([claim("x", "contains", "Exit Code: 0"), claim("x", "contains", "exit codes of all kinds")]) == ""
