from rootline.evals.scorers.events import EventCounts, count_events, total


def flags(length: int, *spans: tuple[int, int]) -> list[bool]:
    return [any(first <= place <= last for first, last in spans) for place in range(length)]


def test_an_alert_within_three_points_hits_the_event() -> None:
    labels = flags(100, (50, 55))

    assert count_events(labels, flags(100, (58, 58))) == EventCounts(hit=1, missed=0, false=0)
    assert count_events(labels, flags(100, (59, 59))) == EventCounts(hit=0, missed=1, false=1)
    assert count_events(labels, flags(100, (47, 47))) == EventCounts(hit=1, missed=0, false=0)


def test_alerts_close_together_are_one_false_event() -> None:
    labels = flags(100)

    assert count_events(labels, flags(100, (30, 30), (33, 33), (36, 36))).false == 1
    assert count_events(labels, flags(100, (30, 30), (34, 34))).false == 2


def test_the_first_tenth_is_not_scored() -> None:
    assert count_events(flags(100, (4, 6)), flags(100, (2, 3))) == EventCounts(hit=0, missed=0, false=0)


def test_f1_weighs_misses_and_false_events_alike() -> None:
    counts = total([EventCounts(hit=2, missed=1, false=0), EventCounts(hit=1, missed=0, false=2)])

    assert counts == EventCounts(hit=3, missed=1, false=2)
    assert counts.f1 == 6 / 9


def test_nothing_to_find_and_nothing_found_is_perfect() -> None:
    assert total([]).f1 == 1.0
