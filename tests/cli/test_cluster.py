"""The registry on the command line: what goes in, what comes out, and that no credential ever does."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli import command
from tests.fakes.fleet import hanging
from tests.fakes.incident import HOUR
from tests.fakes.observability import free_port, prometheus
from tests.fakes.shop import samples
from tests.fakes.wire import Asked, Said, answering, said

from rootline.cli.parser_fleet import KINDS
from rootline.domain.window import rfc3339
from rootline.sources.stack import KINDS as CONNECTED

SECRET = "t0p-s3cr3t-t0ken"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prometheus(tmp_path_factory.mktemp("shop"), samples()) as url:
        yield url


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One installation for all tests here, since a database takes its time to be made."""
    return tmp_path_factory.mktemp("installation")


def run(*words: str, at: Path, code: int = 0, stdin: str = "", bare: bool = False, **variables: str) -> str:
    """Run a command, expect its exit code, and return everything it said."""
    typed = command.run_bare if bare else command.run
    done = typed(*words, at=at, stdin=stdin, **variables)
    assert done.code == code, done.out + done.err
    assert SECRET not in done.out + done.err
    assert "Traceback" not in done.err
    return done.out + done.err


def refuses_other_tokens(asked: Asked) -> Said:
    is_known = asked.headers.get("authorization") == f"Bearer {SECRET}"
    return said('{"status":"success","data":[]}') if is_known else said("who are you?", 401)


def test_every_kind_that_connects_can_be_registered() -> None:
    assert set(KINDS) == set(CONNECTED)


def test_a_cluster_is_registered_checked_shown_and_removed(at: Path) -> None:
    with answering(refuses_other_tokens) as url:
        added = run(
            *("cluster", "add", "prod-east-1", "--prometheus", url, "--loki", url, "--label", "team=platform"),
            *("--region", "eu", "--environment", "PRODUCTION", "--token-stdin", "--token-env", "loki=LOKI_TOKEN"),
            at=at,
            stdin=f"{SECRET}\n",
            LOKI_TOKEN="another",
        )
        assert "added prod-east-1" in added
        assert "has no sample of the last hour" in added
        assert "prod-east-1/loki" in added
        assert "401: the token was refused" in added
        checked = run("cluster", "check", "prod-east-1", at=at, code=3)
        assert "has no sample of the last hour" in checked

    shown = json.loads(run("cluster", "show", "prod-east-1", "--json", at=at))
    assert (shown["environment"], shown["region"], shown["labels"]) == ("production", "eu", {"team": "platform"})
    assert (shown["state"], shown["health_score"]) == ("degraded", 50)
    assert {one["source"]: one["failures"] for one in shown["sources"]} == {"loki": 2, "prometheus": 0}
    assert set(shown["credentials"]) == {"loki", "prometheus"}
    assert "prod-east-1" in run("cluster", "list", at=at)
    key = at / "home" / "credentials.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600

    before = key.read_text()
    assert "2 credentials are sealed anew" in run("cluster", "rotate-key", at=at)
    assert key.read_text() != before
    assert len(key.read_text().split()) == 1
    with answering(refuses_other_tokens) as url:
        run("cluster", "check", at=at, code=3)

    assert run("cluster", "remove", "prod-east-1", at=at) == "removed prod-east-1\n"
    for verb in ("show", "check", "remove"):
        assert "No cluster 'prod-east-1' is registered" in run("cluster", verb, "prod-east-1", at=at, code=3)


@pytest.mark.parametrize(
    ("words", "variables", "told"),
    [
        (("add", "Prod_East", "--prometheus", "http://127.0.0.1:1"), {}, "a name has 3 to 63 small letters"),
        (("add", "all", "--prometheus", "http://127.0.0.1:1"), {}, "means every cluster"),
        (("add", "east"), {}, "it has no source. Name one, such as --prometheus URL"),
        (("add", "east", "--loki", "nowhere"), {}, "loki of east is no address"),
        (("add", "east", "--loki", "http://a", "--victorialogs", "http://b"), {}, "are both sources of logs"),
        (("add", "east", "--loki", "http://a", "--label", "team"), {}, "'team' is no label"),
        (
            ("add", "east", "--loki", "http://a", "--environment", "moon"),
            {},
            "environment: Input should be 'production'",
        ),
        (("add", "east", "--loki", "http://a", "--token-env", "NOT_SET_HERE"), {}, "NOT_SET_HERE, which is not set"),
        (
            ("add", "east", "--loki", "http://a", "--token-env", "tempo=T"),
            {"T": "x"},
            "no address of that kind is given",
        ),
        (("add", "east", "--loki", "http://a", "--token-stdin"), {}, "--token-stdin read an empty line"),
        (("add", "east", "--loki", "http://a", "--token-env", "T"), {"T": f"{SECRET} x"}, "Paste it again"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_stored(
    words: tuple[str, ...], variables: dict[str, str], told: str, tmp_path: Path
) -> None:
    assert told in run("cluster", *words, at=tmp_path, code=3, bare=True, **variables)
    assert not (tmp_path / "home").exists()


def test_one_question_goes_to_a_fleet_and_names_who_is_missing(shop: str, at: Path) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    file = at / "fleet.yaml"
    file.write_text(f"clusters: {{filed: {{region: eu, sources: {{prometheus: {{url: '{dead}'}}}}}}}}")
    named = str(file)
    with hanging() as stuck:
        for name, url in (("east", shop), ("stuck", stuck)):
            run("cluster", "add", name, "--prometheus", url, "--region", "eu", "--deadline", "3", at=at)
        times = ("--start", rfc3339(HOUR.start), "--end", rfc3339(HOUR.end))
        told = run(
            *("investigate", "checkout is slow", "--cluster", "all", "--deadline", "10", *times, "--json"),
            at=at,
            ROOTLINE_CONFIG=named,
        )

    answer = json.loads(told)
    assert answer["hypotheses"][0]["subject"].startswith("east/")
    missing = {one["asked"]: one["status"] for one in answer["coverage"] if "of cluster" in one["asked"]}
    assert missing["metrics of cluster filed"] == "error"
    assert missing["metrics of cluster stuck"] == "timeout"
    rows = json.loads(run("source", "list", "--json", at=at, ROOTLINE_CONFIG=named))
    assert {(one["cluster"], one["failures"] > 0) for one in rows} == {
        ("filed", True),
        ("east", False),
        ("stuck", True),
    }
    assert "nothing accepts connections there" in run("source", "health", at=at, code=3, ROOTLINE_CONFIG=named)
    unknown = run("investigate", "--cluster", "moon", at=at, code=3, ROOTLINE_CONFIG=named)
    assert "There is no cluster 'moon'. Known: filed, east, stuck." in unknown


def test_a_lost_key_or_kubeconfig_of_one_cluster_is_that_cluster_s_trouble_alone(shop: str, tmp_path: Path) -> None:
    kubeconfig = tmp_path / "config.yaml"
    kubeconfig.write_text("apiVersion: v1\nkind: Config\n")
    run("cluster", "add", "east", "--prometheus", shop, at=tmp_path)
    run("cluster", "add", "sealed", "--prometheus", shop, "--token-env", "T", at=tmp_path, T=SECRET)
    run("cluster", "add", "gone", "--prometheus", shop, "--kubeconfig", str(kubeconfig), at=tmp_path)
    kubeconfig.unlink()
    (tmp_path / "home" / "credentials.key").unlink()

    times = ("--start", rfc3339(HOUR.start), "--end", rfc3339(HOUR.end))
    answer = json.loads(run("investigate", "checkout is slow", "--cluster", "all", *times, "--json", at=tmp_path))
    alone = run("investigate", "checkout is slow", "--cluster", "sealed", *times, at=tmp_path, code=3)
    checked = run("cluster", "check", at=tmp_path, code=3)

    assert {one["subject"].partition("/")[0] for one in answer["hypotheses"]} == {"east", "gone"}
    missing = {one["asked"]: str(one) for one in answer["coverage"] if one["status"] == "error"}
    assert "was sealed with the key" in missing["metrics of cluster sealed"]
    assert str(kubeconfig) in missing["logs of cluster gone"]
    assert "was sealed with the key" in alone
    assert "BAD  sealed/prometheus" in checked
    assert "BAD  gone/kubernetes" in checked
    assert "east/prometheus" in checked
    assert "The kubeconfig" in run(
        "cluster", "add", "new", "--prometheus", shop, "--kubeconfig", str(kubeconfig), at=tmp_path, code=3, bare=True
    )


def test_a_source_that_was_never_asked_has_a_row(at: Path) -> None:
    told = run("source", "list", at=at, ROOTLINE_LOKI_URL="http://127.0.0.1:1")

    assert "loki" in told
    assert "never asked; `rootline doctor` asks it" in told


def test_a_tape_and_a_cluster_cannot_both_be_asked(tmp_path: Path) -> None:
    assert "Leave one of them out" in run("investigate", "--tape", "demo", "--cluster", "all", at=tmp_path, code=3)


def test_every_registered_cluster_is_watched_and_a_dead_one_is_a_failure_of_its_own(shop: str, tmp_path: Path) -> None:
    with hanging() as stuck:
        for name, url in (("eu-1", shop), ("us-1", shop), ("stuck", stuck)):
            run("cluster", "add", name, "--prometheus", url, "--deadline", "1", at=tmp_path)
        told = run("watch", "--once", "--json", "--cluster", "all", "--deadline", "3", at=tmp_path)
        health = json.loads(run("source", "list", "--json", at=tmp_path))

    rounds = {one["cluster"]: one["failures"] for one in json.loads(told)}
    assert rounds["eu-1"] == rounds["us-1"] == ["prometheus has no sample at this slot"]
    assert "no answer within 3 s" in rounds["stuck"][0]
    assert {one["cluster"]: one["failures"] > 0 for one in health} == {"eu-1": False, "us-1": False, "stuck": True}
