"""Made-up incidents that no change caused, each with a change that looks like it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest
import yaml

from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import ChangeRanking
from rootline.domain.change import ChangeSet, Commit, Deployment, StatusEntry
from rootline.domain.window import Window

ONSET = datetime(2026, 5, 4, 12, tzinfo=UTC)
WINDOW = Window(start=ONSET - timedelta(hours=8), end=ONSET + timedelta(hours=2))


class Decoy(TypedDict):
    message: str
    file: str
    diff: str


class Status(TypedDict):
    provider: str
    status: str
    text: str


class Quiet(TypedDict):
    incident: str
    service: str
    texts: list[str]
    rising: list[str]
    decoy: Decoy
    remedy: str
    traffic_ratio: NotRequired[float]
    status: NotRequired[Status]


RECORDED: list[Quiet] = yaml.safe_load(Path(__file__).with_name("quiet.yaml").read_text(encoding="utf-8"))
QUIET = {one["incident"]: one for one in RECORDED}


def changes(quiet: Quiet) -> ChangeSet:
    decoy, status = quiet["decoy"], quiet.get("status")
    docs = Commit(sha="1" * 40, at=ONSET - timedelta(hours=3), message="docs: describe flags", files=("docs/flags.md",))
    guilty_looking = Commit(
        sha="2" * 40,
        at=ONSET - timedelta(minutes=20),
        message=decoy["message"],
        files=(decoy["file"],),
        diff=decoy["diff"],
        order=1,
    )
    entries = () if status is None else (StatusEntry(at=ONSET - timedelta(minutes=3), **status),)
    deployed = Deployment(service=quiet["service"], at=ONSET - timedelta(minutes=15), commit="2" * 40)
    return ChangeSet(commits=(docs, guilty_looking), deployments=(deployed,), statuses=entries)


def ask(name: str) -> ChangeRanking:
    quiet = QUIET[name]
    symptom = Symptom(
        service=quiet["service"],
        texts=tuple(quiet["texts"]),
        rising=tuple(quiet["rising"]),
        onset=ONSET,
        traffic_ratio=quiet.get("traffic_ratio"),
    )
    return rank(symptom, changes(quiet), WINDOW)


@pytest.mark.parametrize("name", QUIET)
def test_no_change_is_blamed(name: str) -> None:
    assert ask(name).none_confidence > 0.5


@pytest.mark.parametrize("name", QUIET)
def test_the_fix_follows_from_what_happened_outside(name: str) -> None:
    assert ask(name).remedy == QUIET[name]["remedy"]


def test_an_outside_cause_without_anything_deployed_is_all_the_more_likely() -> None:
    bare = Symptom(service="web", texts=("x509: certificate has expired",), onset=ONSET)

    assert rank(bare, ChangeSet(), WINDOW).none_confidence > 0.99


def prose(text: str, *messages: str) -> float:
    """Confidence that none of these commits explains a symptom told in words alone."""
    commits = tuple(
        Commit(
            sha=f"{at}" * 40, at=ONSET - timedelta(minutes=at + 1), message=one, files=(f"src/part{at}.py",), order=at
        )
        for at, one in enumerate(messages)
    )
    return rank(Symptom(service="", texts=(text,)), ChangeSet(commits=commits), WINDOW).none_confidence


def test_many_changes_that_fit_equally_well_leave_more_doubt_than_one() -> None:
    told = "invoice numbers are drawn twice"
    neighbours = ("restyle the page", "bump the linter", "explain the licence", "sort imports")

    one = prose(told, "draw invoice numbers in one query", *neighbours)
    five = prose(told, *(f"invoice numbers, part {at}" for at in "abcde"))

    assert one < five


def test_words_that_are_asked_and_not_found_speak_for_none() -> None:
    commits = ("draw invoice numbers in one query", "restyle the page", "bump the linter")

    short = prose("invoice numbers are drawn twice", *commits)
    long = prose(
        "invoice numbers are drawn twice whenever the replica lags behind and the mail gateway of the partner "
        "answers late while the nightly export holds the table and the scheduler restarts",
        *commits,
    )

    assert short < long


def beside(minutes: float, rising: tuple[str, ...] = ("http_500_ratio of shop",)) -> float:
    """Confidence that none did it, where one harmless change began to run so many minutes before the onset."""
    one = Commit(
        sha="a" * 40,
        at=ONSET - timedelta(hours=1),
        message="docs",
        files=("docs/a.md",),
        diff="@@ docs/a.md @@\n-a\n+b\n",
    )
    ran = Deployment(service="shop", at=ONSET - timedelta(minutes=minutes), commit=one.sha)
    symptom = Symptom(service="shop", texts=("requests fail",), rising=rising, onset=ONSET)
    return rank(symptom, ChangeSet(commits=(one,), deployments=(ran,)), WINDOW).none_confidence


def test_who_names_no_outside_cause_is_not_sure_of_one_while_a_change_ran_before() -> None:
    expired = ("http_500_ratio of shop", "servfail_per_min of resolver")

    assert beside(5) <= 0.6
    assert beside(-30) > 0.6
    assert beside(5, expired) > 0.6


FULL = Symptom(
    service="ledger",
    texts=(
        "up ledger: more than 5 % of requests fail",
        "POST /book failed: OSError: [Errno 28] No space left on device: '/data/pages' (ledger/pages.py:31 in append)",
    ),
    rising=("http_requests_error_ratio of ledger",),
    falling=("volume_available_bytes of ledger",),
    onset=ONSET,
)


def deployed_with(diff: str) -> ChangeSet:
    """The changes of a ledger whose only one was deployed a few seconds before the onset."""
    sha, at = "3" * 40, ONSET - timedelta(seconds=5)
    commit = Commit(sha=sha, at=at, message="Pages of another size", files=("ledger/pages.py",), diff=diff)
    return ChangeSet(commits=(commit,), deployments=(Deployment(service="ledger", at=at, commit=sha),))


def test_a_full_volume_is_not_blamed_on_what_merely_stands_where_the_write_failed() -> None:
    harmless = "@@ ledger/pages.py @@\n-PAGE_BYTES = 2**20\n+PAGE_BYTES = 3 * 2**19\n"

    assert rank(FULL, deployed_with(harmless), WINDOW).none_confidence > 0.7


def test_a_full_volume_is_blamed_on_what_fills_it() -> None:
    fills = "@@ ledger/pages.py @@\n-KEEP_FILES = 4\n+KEEP_FILES = 4000\n"

    assert rank(FULL, deployed_with(fills), WINDOW).none_confidence < 0.5
