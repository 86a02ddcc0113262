"""An error that says what only a change says is that change's; a text that was merely reworded is nobody's."""

from datetime import UTC, datetime, timedelta

import pytest

from rootline.changes.candidate import candidates
from rootline.changes.evidence.saying import saying
from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.domain.change import ChangeSet, Commit, Deployment
from rootline.domain.window import Window

ONSET = datetime(2026, 5, 4, 12, tzinfo=UTC)
WINDOW = Window(start=ONSET - timedelta(hours=1), end=ONSET + timedelta(hours=1))
OTHER, SAME = 'f"{shard} of baskets is not there"', 'f"shard {shard} of baskets is not there"'
SYMPTOM = Symptom(
    service="basket",
    texts=(
        "ErrorsSome basket",
        "POST /add failed: shard <*> of baskets is not there",
        "basket-service /add/baskets/missing",
    ),
    onset=ONSET,
)


def changed(diff: str, file: str = "services/basket/app.py") -> ChangeSet:
    at = ONSET - timedelta(seconds=20)
    commit = Commit(sha="a" * 40, at=at, message="Change basket", files=(file,), diff=f"@@ {file} @@\n{diff}\n")
    return ChangeSet(commits=(commit,), deployments=(Deployment(service="basket", at=at, commit="a" * 40),))


def says(diff: str, file: str = "services/basket/app.py") -> bool:
    (one,) = candidates(changed(diff, file), ("basket",))
    return bool(saying(one, SYMPTOM))


@pytest.mark.parametrize(
    "diff",
    [
        '+    if shard > 48:\n+        raise Failure(500, f"shard {shard} of baskets is not there")',
        "+  throw new Error(`shard ${shard} of baskets is not there`);",
        '+    return fmt.Errorf("shard %d of baskets is not there", shard)',
        '+    raise Missing("POST /add failed: shard #{shard} of BASKETS is not there")',
    ],
)
def test_a_change_that_brings_the_words_of_the_error_is_recognised(diff: str) -> None:
    assert says(diff)


@pytest.mark.parametrize(
    "diff",
    [
        f"-    raise Failure(500, {OTHER})\n+    raise Failure(500, {SAME})",
        '     raise Failure(500, f"shard {shard} of baskets is not there")\n+    shards += 1',
        '+    raise Failure(500, "not there")',
        '+    raise Failure(500, f"{shard}")',
        '+    route("/add/baskets/missing")',
        '+    fields = append(fields, String("service", "basket-service"))',
        '+    raise Failure(404, "shards of baskets are elsewhere")',
        "+    # shard of baskets is not there\n+    x = 1",
    ],
)
def test_words_that_were_there_are_too_few_or_are_others_tell_nothing(diff: str) -> None:
    assert not says(diff)


def test_words_in_a_document_tell_nothing() -> None:
    assert not says('+Says "shard 7 of baskets is not there" then.', "docs/basket.md")


def test_a_check_whose_refusal_is_the_error_is_blamed_and_no_excuse() -> None:
    diff = '+    if shard > 48:\n+        raise Failure(500, f"shard {shard} of baskets is not there")'

    found = rank(SYMPTOM, changed(diff), WINDOW)

    names = {one.name for one in found.ranked[0].components}
    assert "says" in names
    assert not names & {"adds a check", "no mechanism"}
    assert found.none_confidence < 0.2
