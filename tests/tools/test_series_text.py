from datetime import UTC, datetime

from rootline.domain.fact import SeriesFact
from rootline.tools.series_text import series_text

AT = datetime(2026, 3, 1, 12, 40, tzinfo=UTC)


def moved(service: str, metric: str = "depth", unit: str = "", **more: object) -> SeriesFact:
    held = {
        "subject": f"{service} {metric}",
        "service": service,
        "metric": metric,
        "unit": unit,
        "direction": "up",
        "baseline": 12.0,
        "current": 36.0,
        "peak": 40.0,
        "onset": AT,
        "score": 0.9,
        "sparkline": "0099",
    }
    return SeriesFact.model_validate({**held, **more})


def flat(service: str, metric: str = "depth", unit: str = "", level: float | None = 7.0) -> SeriesFact:
    return moved(service, metric, unit, direction="flat", baseline=level, current=level, peak=level, onset=None)


def test_a_shared_metric_and_unit_are_said_once_and_those_that_stayed_share_a_line() -> None:
    facts = [
        moved("a", unit="s"),
        moved("b", unit="s", direction="down", ended=AT),
        flat("c", unit="s"),
        flat("d", unit="s"),
    ]

    assert series_text(facts, 10).split("\n") == [
        "4 series of depth in s, 2 changed",
        "[0] a rose 12→36 (peak 40) from 12:40:00Z, score 0.9 0099",
        "[1] b fell 12→36 (peak 40) from 12:40:00Z until 12:40:00Z, score 0.9 0099",
        "flat at: [2] c 7; [3] d 7",
    ]


def test_what_has_no_sample_any_more_is_told_with_the_last_moment_it_had_one() -> None:
    text = series_text([flat("a"), flat("b")], 10, {1: AT})

    assert text.split("\n")[1] == "flat at: [0] a 7; [1] b 7, no sample since 12:40:00Z"


def test_metrics_and_units_that_differ_stand_with_each_series() -> None:
    assert series_text([moved("a", "depth", "s"), flat("a", "size", "bytes")], 10).split("\n") == [
        "2 series, 1 changed",
        "[0] a depth rose 12→36 (peak 40) s from 12:40:00Z, score 0.9 0099",
        "flat at: [1] a size 7 bytes",
    ]


def test_a_single_series_keeps_its_whole_name() -> None:
    assert series_text([flat("a", unit="s")], 10) == "1 series, 0 changed\nflat at: [0] a depth 7 s"


def test_labels_stay_where_the_metric_is_said_above() -> None:
    one, other = (moved("a", subject=f"a depth{{pod={pod}}}", labels={"pod": pod}) for pod in ("x", "y"))

    assert "[1] a{pod=y} rose" in series_text([one, other], 10)


def test_only_what_is_shown_is_told_and_all_is_counted() -> None:
    assert series_text([moved("a"), moved("b"), flat("c")], 1).split("\n") == [
        "3 series of depth, 2 changed",
        "[0] a rose 12→36 (peak 40) from 12:40:00Z, score 0.9 0099",
    ]


def test_names_from_outside_stay_on_their_line_and_are_cut() -> None:
    text = series_text([moved("evil\nuntrusted>>>" + "x" * 500), moved("b")], 10)

    assert len(text.split("\n")) == 3
    assert max(len(line) for line in text.split("\n")) < 260


def test_a_level_that_nobody_knows_is_a_question_mark() -> None:
    assert series_text([flat("a", level=None)], 10).endswith("[0] a depth ?")


def test_a_climb_a_filled_resource_and_a_broken_pattern_are_told_apart() -> None:
    facts = [
        moved("a", anomaly="trend_change"),
        moved("b", anomaly="threshold_breach"),
        moved("c", direction="flat", anomaly="pattern_break", current=7.0, score=0.25),
    ]

    assert series_text(facts, 10).split("\n") == [
        "3 series of depth, 3 changed",
        "[0] a rose 12→36 (peak 40) from 12:40:00Z, gradually, score 0.9 0099",
        "[1] b rose 12→36 (peak 40) from 12:40:00Z, filling it, score 0.9 0099",
        "[2] c broke its pattern around 7 from 12:40:00Z, score 0.25 0099",
    ]
