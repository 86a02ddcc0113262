import pytest

from rootline.evals.scorers.nab import score_series, total


def alerts(length: int, *places: int) -> list[bool]:
    return [place in places for place in range(length)]


def test_an_alert_at_the_start_of_every_window_is_perfect() -> None:
    score = total([score_series(alerts(1000, 500), [(500, 599)]), score_series(alerts(500, 300), [(300, 320)])])

    assert score.scaled == pytest.approx(100)


def test_silence_scores_zero() -> None:
    assert score_series(alerts(1000), [(500, 599), (800, 850)]).scaled == 0


def test_a_later_alert_in_the_window_earns_less() -> None:
    early, middle, late = (score_series(alerts(1000, place), [(500, 599)]).raw for place in (500, 550, 598))

    assert early == pytest.approx(1.0)
    assert middle == pytest.approx(0.86, abs=0.01)
    assert 0 < late < 0.1


def test_only_the_first_alert_in_a_window_counts() -> None:
    assert score_series(alerts(1000, 500, 540), [(500, 599)]) == score_series(alerts(1000, 500), [(500, 599)])


def test_a_false_alert_costs_more_the_farther_behind_a_window_it_lies() -> None:
    windows = [(500, 599)]
    hit = score_series(alerts(1000, 500), windows).raw

    near, far, before = (hit - score_series(alerts(1000, 500, place), windows).raw for place in (602, 900, 400))

    assert 0 < near < 0.02
    assert far == pytest.approx(0.11, abs=0.001)
    assert before == pytest.approx(0.11)


def test_the_probationary_share_is_not_scored() -> None:
    assert score_series(alerts(1000, 10, 149), []).raw == 0
    assert score_series(alerts(1000, 150), []).raw == pytest.approx(-0.11)
