from datetime import UTC, datetime

import pytest

from rootline.changes.candidate import candidates
from rootline.changes.diffs.written_lines import written_lines
from rootline.changes.evidence.stack import named_files, named_places, stack
from rootline.changes.weights import TRACE_HIT
from rootline.domain.change import ChangeSet, Commit


def test_files_of_several_languages_are_found_in_traces() -> None:
    texts = (
        'File "/srv/app/views.py", line 3, in show',
        "at com.example.Cart.total(Cart.java:88)",
        "main.charge(services/pay/charge.go:42 +0x1f)",
        "from /usr/lib/ruby/app/models/user.rb:10:in `name'",
    )

    assert named_files(texts) == {
        "srv/app/views.py",
        "cart.java",
        "services/pay/charge.go",
        "usr/lib/ruby/app/models/user.rb",
    }


def test_versions_and_hosts_are_no_files() -> None:
    assert named_files(("go1.24.1 at db.internal:5432",)) == frozenset()


def test_a_hostile_text_is_read_in_time() -> None:
    assert named_files(("a" * 1_000_000,) * 200) == frozenset()


def test_places_are_files_with_a_line() -> None:
    texts = ('File "/srv/app/views.py", line 3, in show', "failed at (shop/pay/charge.py:42 in charge) after 3:20")

    assert named_places(texts) == {("srv/app/views.py", 3), ("shop/pay/charge.py", 42)}


DIFF = """--- a/shop/pay/charge.py
+++ b/shop/pay/charge.py
@@ -10,3 +10,4 @@ def charge():
     one
-    two
+    three
+    four
     five
@@ -40 +41,2 @@
     six
+    seven
"""


def test_the_lines_that_a_diff_wrote_are_numbered_as_in_the_new_file() -> None:
    assert written_lines(DIFF) == {"shop/pay/charge.py": {11: 6, 12: 7, 42: 11}}
    assert written_lines("@@ shop/pay/charge.py @@\n+ no numbers\n") == {}
    assert written_lines("") == {}


@pytest.mark.parametrize(
    ("line", "more"), [(42, True), (13, True), (25, False)], ids=["written", "beside one written", "elsewhere"]
)
def test_a_change_that_wrote_the_named_line_counts_more_than_one_to_the_same_file(line: int, more: bool) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    commit = Commit(sha="a" * 40, at=at, message="x", files=("shop/pay/charge.py",), diff=DIFF)
    (one,) = candidates(ChangeSet(commits=(commit,)), ("pay",))

    (found,) = stack(one, frozenset({"shop/pay/charge.py"}), frozenset({("shop/pay/charge.py", line)}))

    assert (found.contribution > TRACE_HIT) is more


def test_a_line_beside_a_written_one_counts_less_and_is_not_told_to_be_written() -> None:
    commit = Commit(
        sha="a" * 40, at=datetime(2026, 3, 1, tzinfo=UTC), message="x", files=("shop/pay/charge.py",), diff=DIFF
    )
    (one,) = candidates(ChangeSet(commits=(commit,)), ("pay",))
    file = "shop/pay/charge.py"

    (written,), (beside,) = (stack(one, frozenset({file}), frozenset({(file, line)})) for line in (12, 13))

    assert written.contribution > beside.contribution
    assert (written.reason, beside.reason) == (
        "the errors name a line that it wrote",
        "the errors name a line beside one that it wrote",
    )


@pytest.mark.parametrize(
    ("line", "quoted"),
    [(42, ["+    seven"]), (13, ["+    three", "+    four"]), (25, ["+    three", "+    four"])],
    ids=["written", "beside those written", "elsewhere in the file"],
)
def test_the_diff_lines_behind_a_hit_are_shown(line: int, quoted: list[str]) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    commit = Commit(sha="a" * 40, at=at, message="x", files=("shop/pay/charge.py",), diff=DIFF)
    (one,) = candidates(ChangeSet(commits=(commit,)), ("pay",))

    (found,) = stack(one, frozenset({"shop/pay/charge.py"}), frozenset({("shop/pay/charge.py", line)}))

    assert [shown.text for shown in found.lines] == quoted
    assert all(DIFF.split("\n")[shown.line - 1] == shown.text for shown in found.lines)


@pytest.mark.parametrize(
    ("path", "counts"),
    [("shop/pay/app.py", True), ("shop/cart/app.py", False), ("tools/app.py", True), ("app.py", True)],
    ids=["its own", "another service's", "nobody's", "at the top"],
)
def test_a_file_of_the_same_name_in_another_service_is_another_file(path: str, counts: bool) -> None:
    commit = Commit(
        sha="a" * 40, at=datetime(2026, 3, 1, tzinfo=UTC), message="x", files=(path,), diff=f"@@ {path}\n-one\n+two\n"
    )
    (one,) = candidates(ChangeSet(commits=(commit,)), ())

    found = stack(one, named_files(("failed in shop/pay/app.py:3",)), known=frozenset(["pay", "cart"]))

    assert bool(found) is counts
