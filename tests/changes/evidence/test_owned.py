"""Who owns the failing service, and which changes touch what they own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import Component
from rootline.domain.change import ChangeSet, CodeOwners, Commit
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = Window(start=NOON - timedelta(hours=12), end=NOON)
FAILING = Symptom(service="checkoutservice", texts=("charges are refused",), onset=NOON)
OWNERS = CodeOwners(
    text="* @acme/all\n/services/checkout/ @acme/payments @ada\n/pkg/money/ @acme/payments\n/pkg/mail/ @acme/mail\n",
    path=".github/CODEOWNERS",
)


def commit(letter: str, path: str, *, repository: str = "") -> Commit:
    return Commit(
        sha=letter * 40,
        at=NOON - timedelta(hours=1),
        message="work on it",
        files=("readme", path),
        diff=f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n@@ -1 +1 @@\n-old = 1\n+new = 2\n",
        repository=repository,
    )


MONEY, MAIL = commit("a", "pkg/money/round.go"), commit("b", "pkg/mail/send.go")


def owner_of(changes: ChangeSet, symptom: Symptom = FAILING) -> dict[str, Component]:
    found = rank(symptom, changes, DAY)
    return {one.label[0]: part for one in found.ranked for part in one.components if part.name == "owner"}


@pytest.mark.promise("owners-of-the-service-count")
def test_what_the_owners_of_the_failing_service_own_is_nearer_and_says_by_which_line() -> None:
    changes = ChangeSet(commits=(MAIL, MONEY), owners=(OWNERS,))

    found = owner_of(changes)

    assert list(found) == ["a"]
    assert found["a"].reason == (
        "pkg/money/round.go is owned by @acme/payments, the owners of checkoutservice "
        "(.github/CODEOWNERS, line 3: /pkg/money/)"
    )
    assert found["a"].contribution > 0
    assert [one.text for one in found["a"].lines] == ["+new = 2", "-old = 1"]
    assert [one.label[0] for one in rank(FAILING, changes, DAY).ranked] == ["a", "b"]


def test_of_the_service_s_own_folder_it_is_said_too() -> None:
    assert list(owner_of(ChangeSet(commits=(commit("c", "services/checkout/a.go"),), owners=(OWNERS,)))) == ["c"]


def test_owners_are_found_by_the_paths_of_the_service_where_no_pattern_carries_its_name() -> None:
    by_path = replace(OWNERS, text="/services/c*/ @acme/payments\n/pkg/money/ @acme/payments\n")
    own = commit("c", "services/checkout/a.go")

    assert set(owner_of(ChangeSet(commits=(own, MONEY, MAIL), owners=(by_path,)))) == {"a", "c"}


def test_a_default_owner_of_everything_tells_nothing() -> None:
    everyone = replace(OWNERS, text="* @acme/payments\n")
    own = commit("c", "services/checkout/a.go")

    assert owner_of(ChangeSet(commits=(own, MONEY), owners=(everyone,))) == {}


def test_a_path_that_the_last_rule_gives_to_nobody_is_nobodys() -> None:
    taken = replace(OWNERS, text=OWNERS.text + "/pkg/money/round.go\n")

    assert owner_of(ChangeSet(commits=(MONEY,), owners=(taken,))) == {}


def test_the_file_of_one_repository_says_nothing_of_another() -> None:
    shop = replace(OWNERS, repository="shop")
    here, there = (commit(letter, "pkg/money/a.go", repository=name) for letter, name in (("a", "shop"), ("b", "web")))

    assert list(owner_of(ChangeSet(commits=(here, there), owners=(shop,)))) == ["a"]


@pytest.mark.parametrize("symptom", [Symptom(service="", texts=FAILING.texts), replace(FAILING, service="ledger")])
def test_without_a_service_or_its_owners_nothing_is_said(symptom: Symptom) -> None:
    assert owner_of(ChangeSet(commits=(MONEY, MAIL), owners=(OWNERS,)), symptom) == {}


def test_without_a_file_of_owners_nothing_is_said() -> None:
    assert owner_of(ChangeSet(commits=(MONEY, MAIL))) == {}
