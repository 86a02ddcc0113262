"""How documents are cut, which words are searched, and where keys are kept: rules that every index shares."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.errors import Misconfigured
from rootline.sources.runbooks.source import Runbook
from rootline.store.credential_keys import FILE, VARIABLE, holding, load_keys, with_new_key, without_old_keys
from rootline.store.limits import FOUND, SEEN, TOLD, Limits
from rootline.store.passages import passages, version_of
from rootline.store.sealing import write_keys
from rootline.store.terms import DIMENSIONS, LENGTH, terms, vector

TENANT = UUID(int=7)
LINE = st.text("abc #`-\t", max_size=20)


def page(body: str, title: str = "Slow") -> Runbook:
    return Runbook(name="slow", title=title, body=body)


def test_a_page_is_cut_at_its_headings_and_each_part_knows_where_it_stood() -> None:
    found = passages(page("intro\n# Slow\nfirst\n## Disk\nsecond\nthird\n"))

    assert [(one.heading, one.quote) for one in found] == [
        ("Slow", "intro"),
        ("Slow", "first"),
        ("Slow: Disk", "second\nthird"),
    ]


@pytest.mark.parametrize("fence", ["```", "~~~", "   ```sh"])
def test_a_heading_inside_of_code_is_code(fence: str) -> None:
    found = passages(page(f"{fence}\n# no heading\n{fence.split('sh', maxsplit=1)[0]}\n# Heading\nwords\n"))

    assert [one.heading for one in found] == ["Slow", "Slow: Heading"]


@pytest.mark.parametrize(
    ("line", "heading"),
    [("# A", "Slow: A"), ("###### A b ##", "Slow: A b"), ("####### A", "Slow"), ("#A", "Slow"), ("    # A", "Slow")],
)
def test_what_is_a_heading_is_what_markdown_says(line: str, heading: str) -> None:
    assert passages(page(f"{line}\nwords\n"))[-1].heading == heading


@given(lines=st.lists(LINE, max_size=30))
def test_no_word_of_a_page_is_lost_but_its_headings(lines: list[str]) -> None:
    body = "\n".join(line for line in lines if not line.lstrip(" ").startswith("#"))

    told = "".join("".join(one.quote.split()) for one in passages(page(body)))

    assert told == "".join(" ".join(body.splitlines()).split())


@given(length=st.integers(1, 6000))
def test_a_long_section_is_cut_into_parts_that_can_be_quoted(length: int) -> None:
    found = passages(page("x" * length))

    assert "".join(one.quote for one in found) == "x" * length
    assert all(len(one.quote) <= 1200 for one in found)


def test_the_version_of_a_page_changes_with_all_that_a_search_can_show() -> None:
    one = Runbook(name="a", title="b", body="c")
    others = [
        Runbook(name="x", title="b", body="c"),
        Runbook(name="a", title="x", body="c"),
        Runbook(name="a", title="b", body="x"),
        Runbook(name="a", title="b", body="c", risk="low"),
        Runbook(name="a", title="b", body="c", owner="x"),
        Runbook(name="a", title="b", body="c", service="x"),
        Runbook(name="a", title="b", body="c", tags=("x",)),
        Runbook(name="a", title="b", body="c", source_url="x"),
    ]

    assert len({version_of(each) for each in (one, *others)}) == 9
    assert version_of(one) == version_of(Runbook(name="a", title="b", body="c"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Queries are slow", {"queries", "query", "slow"}),
        ("DNS and TLS", {"dns", "tls"}),
        ("buses, statuses", {"buses", "buse", "statuses", "statuse"}),
        ("class", {"class"}),
        ("the of and", set()),
        ("snake_case-word", {"snake", "case", "word"}),
        ("Größe", {"grösse"}),
        ("", set()),
    ],
)
def test_words_that_carry_meaning_are_found_with_their_singular(text: str, found: set[str]) -> None:
    assert terms(text) == found


@given(text=st.text(max_size=100))
def test_a_spelling_has_one_length_and_does_not_depend_on_case_or_order(text: str) -> None:
    found = vector(text)

    assert found.shape == (DIMENSIONS,)
    assert (found == np.rint(found)).all()
    assert not found.any() or abs(float(np.linalg.norm(found)) - LENGTH) < 0.05 * LENGTH
    assert (vector(" ".join(reversed(text.split()))) == found).all() or "_" in text or not text.isascii()


def test_what_is_spelled_alike_is_nearer_than_what_is_not() -> None:
    def cosine(one: str, other: str) -> float:
        return float(vector(one) @ vector(other)) / LENGTH**2

    assert cosine("connection timeout", "conection timeouts") > 0.6
    assert abs(cosine("connection timeout", "green apples")) < 0.3


def test_each_kind_of_row_is_kept_for_its_own_time() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)

    found = Limits.at(now)

    assert (found.told, found.seen, found.found) == (now - TOLD, now - SEEN, now - FOUND)
    assert timedelta(days=90) == TOLD < SEEN < FOUND


def test_a_key_is_made_on_first_use_for_its_owner_alone_and_stays(tmp_path: Path) -> None:
    made = load_keys(tmp_path / "home", "")

    assert load_keys(tmp_path / "home", "") == made
    assert stat.S_IMODE((tmp_path / "home" / FILE).stat().st_mode) == 0o600
    assert list((tmp_path / "home").glob(".*")) == []


def test_a_key_file_that_others_can_read_is_refused_with_what_to_run(tmp_path: Path) -> None:
    load_keys(tmp_path, "")
    (tmp_path / FILE).chmod(0o640)

    with pytest.raises(Misconfigured, match=r"others than its owner\. Run: chmod 600 .*credentials\.key"):
        load_keys(tmp_path, "")


def test_a_key_of_the_environment_goes_before_the_file_and_writes_none(tmp_path: Path) -> None:
    given_key = write_keys(load_keys(tmp_path / "other", "")).strip()

    found = load_keys(tmp_path / "home", given_key)

    assert found.where == VARIABLE
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("text", ["no base64!", "YWJj", "=", "é"])
def test_a_key_that_is_none_is_refused_and_not_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(Misconfigured, match=rf"{VARIABLE} must hold keys of 32 bytes in base64") as told:
        load_keys(tmp_path, text)

    assert text not in str(told.value).replace("base64", "").replace("=", "") or text == "="


def test_a_damaged_key_file_is_named(tmp_path: Path) -> None:
    load_keys(tmp_path, "")
    (tmp_path / FILE).write_bytes(b"\xff\x00")

    with pytest.raises(Misconfigured, match=r"credentials\.key must hold keys"):
        load_keys(tmp_path, "")


def test_a_new_key_seals_and_the_old_one_opens_until_it_is_dropped(tmp_path: Path) -> None:
    old = load_keys(tmp_path, "")
    sealed = old.seal(TENANT, "eu-1", "prometheus", "hunter2")

    both = with_new_key(tmp_path, old)
    again = both.resealed(TENANT, sealed)
    alone = without_old_keys(tmp_path, both)

    assert both.open(TENANT, sealed) == alone.open(TENANT, again) == "hunter2"
    assert load_keys(tmp_path, "") == alone
    with pytest.raises(Misconfigured, match=f"was sealed with the key {sealed.key_id}, which .* does not hold"):
        alone.open(TENANT, sealed)


def test_who_seals_and_who_changes_keys_wait_for_each_other(tmp_path: Path) -> None:
    with holding(tmp_path, alone=False), holding(tmp_path, alone=False):
        assert os.path.exists(tmp_path / f"{FILE}.lock")  # noqa: PTH110 a lock is a file
    with holding(tmp_path, alone=True):
        pass
