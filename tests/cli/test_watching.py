import json
from datetime import timedelta
from pathlib import Path

import pytest
from tests.cli.command import run, run_bare

from rootline.cli.codes import MISSING
from rootline.cli.watching import interval_of
from rootline.errors import Misconfigured


def test_a_tape_is_watched_slot_by_slot_and_its_outage_opens_one_incident(tmp_path: Path) -> None:
    done = run_bare("watch", "--tape", "demo", "--json", at=tmp_path)

    rounds = [json.loads(line) for line in done.out.splitlines()]
    opened = [gated for one in rounds for gated in one["gated"] if gated["action"] == "opened"]
    assert (done.code, len(opened), opened[0]["rule"]) == (0, 1, "user_facing")
    assert "expected" in opened[0]["rationale"]
    assert not (tmp_path / "home").exists()


def test_once_prints_the_last_round_of_a_tape_whole(tmp_path: Path) -> None:
    done = run_bare("watch", "--tape", "demo", "--once", "--json", at=tmp_path)

    (one,) = json.loads(done.out)
    assert (done.code, one["policy"], one["failures"]) == (0, "2026-11-5", [])
    assert {gated["action"] for gated in one["gated"]} == {"joined"}


def test_people_read_a_line_a_round_and_one_for_each_candidate(tmp_path: Path) -> None:
    told = run_bare("watch", "--tape", "demo", at=tmp_path).out

    assert "quiet" in told
    assert "\n  opened " in told


def test_watching_nothing_says_how_to_name_a_source(tmp_path: Path) -> None:
    done = run("watch", "--once", at=tmp_path)

    assert done.code == MISSING
    assert "ROOTLINE_PROMETHEUS_URL" in done.err


def test_a_policy_that_is_none_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "policy.json").write_text("{}")

    done = run_bare("watch", "--tape", "demo", "--policy", "policy.json", at=tmp_path)

    assert (done.code, done.out) == (MISSING, "")
    assert "no gating policy" in done.err


@pytest.mark.parametrize(("text", "seconds"), [("60s", 60), ("15", 15), ("5m", 300), ("1h", 3600), (" 90s ", 90)])
def test_an_interval_is_read_with_its_unit(text: str, seconds: int) -> None:
    assert interval_of(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "s", "5s", "2h", "-60s", "1e3s", "60 s", "9" * 5000, "6０s\n"])
def test_other_intervals_are_refused_with_what_is_possible(text: str) -> None:
    with pytest.raises(Misconfigured, match="15s and 1h"):
        interval_of(text)


def test_a_tape_and_clusters_exclude_each_other(tmp_path: Path) -> None:
    done = run_bare("watch", "--tape", "demo", "--cluster", "all", at=tmp_path)

    assert done.code == MISSING
    assert "Leave one of them out" in done.err
