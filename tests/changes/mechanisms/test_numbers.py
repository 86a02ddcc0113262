"""Numbers that a diff turns: which kind they are, which way, and how far, in any usual unit."""

from math import inf, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.changes.diffs.diff import parse
from rootline.changes.diffs.net import net
from rootline.changes.mechanisms.settings_change import FAR, SLIGHT, Turned, settings, turned


def one(before: str, after: str, file: str = "deploy/app.yaml") -> list[Turned]:
    return list(turned(net(parse(f"@@ {file} @@\n-{before}\n+{after}\n", (file,)))))


@pytest.mark.parametrize(
    ("before", "after", "direction", "factor"),
    [
        ("timeout: 30s", "timeout: 3s", "lowered", 10),
        ("timeout: 500ms", "timeout: 1s", "raised", 2),
        ("timeout: 1m", "timeout: 90s", "raised", 1.5),
        ("timeout: 2h", "timeout: 1d", "raised", 12),
        ("retention: 2 weeks", "retention: 7 days", "lowered", 2),
        ("retention: 1w", "retention: 14d", "raised", 2),
        ("memory: 512Mi", "memory: 1Gi", "raised", 2),
        ("memory: 512MiB", "memory: 1GiB", "raised", 2),
        ("memory: 1GiB", "memory: 256MiB", "lowered", 4),
        ("memory: 64KiB", "memory: 1MiB", "raised", 16),
        ("disk_buffer: 1TB", "disk_buffer: 500GB", "lowered", 2),
        ("disk_buffer: 1TiB", "disk_buffer: 2048GiB", "raised", 2),
        ("cpu: 500m", "cpu: 2", "raised", 4),
        ("cpu: 2", "cpu: 250m", "lowered", 8),
        ("max_conn = 1_000", "max_conn = 250", "lowered", 4),
        ("ttl = 60 * time.Second", "ttl = 5 * time.Minute", "raised", 5),
        ("ratio: 0.5", "ratio: 0.05", "lowered", 10),
        ("replicas: 3", "replicas: 0", "lowered", inf),
        ("offset: -1", "offset: 1", "raised", inf),
        ("depth: 0", "depth: 9", "raised", inf),
    ],
)
def test_a_number_is_compared_in_base_units(before: str, after: str, direction: str, factor: float) -> None:
    (found,) = one(before, after)

    assert found.direction == direction
    assert found.factor == pytest.approx(factor)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("timeout: 60s", "timeout: 1m"),
        ("memory: 1024Mi", "memory: 1Gi"),
        ("memory: 1024MiB", "memory: 1GiB"),
        ("cpu: 1000m", "cpu: 1"),
        ("max = 1000", "max = 1_000"),
        ("timeout: 30s", "deadline: 3s"),
        ("name: v1-a", "name: v1-b"),
        ("timeout: 30s", "timeout: 30s # less"),
    ],
)
def test_the_same_amount_and_another_line_are_no_turn(before: str, after: str) -> None:
    assert one(before, after) == []


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("initialDelaySeconds: {}", "liveness or readiness probe"),
        ("idleTimeout: {}", "idle or health-check period"),
        ("maxPoolSize: {}", "connection ceiling"),
        ("session_timeout: {}", "lease or heartbeat"),
        ("retry_delay: {}", "back-off"),
        ("max_retries: {}", "number of retries"),
        ("token_ttl: {}", "life of credentials"),
        ("cache_ttl: {}", "time to live"),
        ("cache_max_entries: {}", "cache size"),
        ("requestTimeout: {}", "timeout"),
        ("rate_limit: {}", "rate limit"),
        ("memory: {}", "memory limit"),
        ("cpu: {}", "CPU share"),
        ("replicas: {}", "number of replicas"),
        ("worker_threads: {}", "concurrency"),
        ("queue_length: {}", "length of a queue"),
        ("max_body_size: {}", "size limit"),
        ("batch_size: {}", "batch size"),
        ("log_retention: {}", "retention"),
        ("poll_interval: {}", "interval"),
        ("containerPort: {}", "port"),
        ("rollout_percent: {}", "share of a roll-out"),
        ("alert_threshold: {}", "share or threshold"),
        ("hash_rounds: {}", "amount of work"),
        ("partitions: {}", "partitions"),
        ("RENDER_MS = {}", "a duration"),
        ("answer = {}", "a number"),
    ],
)
def test_a_setting_is_known_by_the_words_before_its_number(line: str, kind: str) -> None:
    found = settings(net(parse(f"@@ a.yaml @@\n-{line.format(40)}\n+{line.format(10)}\n", ("a.yaml",))))

    assert [mechanism.name for mechanism in found] == [f"{kind} lowered"]
    assert found[0].reason == f"{kind} lowered from 40 to 10 ({line.split(':', maxsplit=1)[0].removesuffix(' = {}')})"
    assert [row.sign for row in found[0].lines] == ["-", "+"]


@pytest.mark.parametrize(
    ("line", "lowered", "raised"),
    [
        ("max_connections: {}", "pool", "handles"),
        ("cache_ttl: {}", "cache", "data"),
        ("memory: {}", "memory", "schedule"),
        ("max_retries: {}", "network", "traffic"),
        ("log_retention: {}", "data", "disk"),
    ],
)
def test_the_two_ways_of_turning_a_setting_break_different_things(line: str, lowered: str, raised: str) -> None:
    down, up = (
        settings(net(parse(f"@@ a.yaml @@\n-{line.format(first)}\n+{line.format(then)}\n", ("a.yaml",))))[0].families
        for first, then in ((90, 10), (10, 90))
    )

    assert lowered in down
    assert raised in up
    assert down != up


@given(before=st.integers(1, 10**6), after=st.integers(1, 10**6))
def test_a_step_tells_more_the_farther_it_goes_and_never_more_than_all(before: int, after: int) -> None:
    found = one(f"limit: {before}", f"limit: {after}")

    if before == after:
        assert found == []
        return
    (turn,) = found
    factor = max(before, after) / min(before, after)
    assert turn.extent == pytest.approx(min(1.0, SLIGHT + (1 - SLIGHT) * log(factor) / log(FAR)))
    assert SLIGHT <= turn.extent <= 1


@given(
    value=st.integers(1, 10**4), unit=st.sampled_from(["ns", "us", "ms", "s", "min", "h", "d", "w", "Ki", "MiB", "GB"])
)
def test_the_way_back_has_the_same_factor_and_the_other_direction(value: int, unit: str) -> None:
    (there,), (back,) = (
        one(f"x: {value}{unit}", f"x: {value * 3}{unit}"),
        one(f"x: {value * 3}{unit}", f"x: {value}{unit}"),
    )

    assert (there.direction, back.direction) == ("raised", "lowered")
    assert there.factor == pytest.approx(back.factor) == pytest.approx(3)


def test_numbers_of_a_manifest_of_dependencies_are_versions() -> None:
    assert one('"left-pad": "1.2.3"', '"left-pad": "2.0.0"', file="package.json") == []


def test_each_number_of_a_line_is_its_own_setting() -> None:
    found = one("pool(max_connections=50, timeout_s=30)", "pool(max_connections=5, timeout_s=60)", file="a.py")

    assert [(turn.old, turn.new, turn.kind.name, turn.direction) for turn in found] == [
        ("50", "5", "connection ceiling", "lowered"),
        ("30", "60", "timeout", "raised"),
    ]


def test_of_many_numbers_a_dozen_are_told() -> None:
    rows = "".join(f"-limit_{name}: 9\n+limit_{name}: 1\n" for name in "abcdefghijklmnop")

    assert len(settings(net(parse(f"@@ a.yaml @@\n{rows}", ("a.yaml",))))) == 12
