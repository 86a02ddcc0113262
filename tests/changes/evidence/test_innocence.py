from datetime import UTC, datetime

import pytest

from rootline.changes.candidate import Candidate, candidates
from rootline.changes.diffs.diff import parse
from rootline.changes.diffs.net import net
from rootline.changes.evidence.innocence import form, harmlessness
from rootline.changes.families import Seen
from rootline.changes.mechanisms.guards import adds_guard
from rootline.domain.change import ChangeSet, Commit

MEMORY = (Seen("memory", 1.0, "OOMKilled"),)


def read(message: str, file: str, diff: str = "") -> Candidate:
    commit = Commit(sha="a" * 40, at=datetime(2026, 3, 1, tzinfo=UTC), message=message, files=(file,), diff=diff)
    return candidates(ChangeSet(commits=(commit,)), ())[0]


@pytest.mark.parametrize(
    ("message", "file", "name"),
    [
        ("explain flags", "docs/flags.md", "inert"),
        ('Revert "lower the limit"', "a.go", "revert"),
        ("fix typo in message", "a.go", "cosmetic"),
    ],
)
def test_form_speaks_against_a_change(message: str, file: str, name: str) -> None:
    assert name in {one.name for one in form(read(message, file))}


@pytest.mark.parametrize(
    ("file", "diff", "name"),
    [
        ("go.mod", "@@ go.mod @@\n-	example.org/a v1.2.3\n+	example.org/a v1.2.4\n", "patch step"),
        ("a.go", "@@ a.go @@\n+	if n == nil { return }\n", "adds a check"),
        ("a.go", '@@ a.go @@\n+	log.Printf("done %d", n)\n', "only watches"),
        ("a.go", "@@ a.go @@\n+var seen = lru.New(256)\n", "bounded"),
        ("a.go", "@@ a.go @@\n-// old words\n+// new words\n", "inert"),
    ],
)
def test_a_harmless_diff_speaks_against_a_change(file: str, diff: str, name: str) -> None:
    assert name in {one.name for one in harmlessness(read("change", file, diff), MEMORY)}


def test_nothing_speaks_against_an_ordinary_change() -> None:
    change = read("change", "a.go", "@@ a.go @@\n-	total := sum(a)\n+	total := sum(b) * 2\n")

    assert form(change) == []
    assert harmlessness(change, MEMORY) == []


def test_a_check_inside_of_a_new_loop_is_no_mere_check() -> None:
    checked = "@@ shop/tables.py @@\n+    if key is None:\n+        return default\n"
    looped = "@@ shop/tables.py @@\n+    for one in rows:\n+        if one.key is None:\n+            return default\n"

    assert adds_guard(net(parse(checked, ("shop/tables.py",))))
    assert adds_guard(net(parse(looped, ("shop/tables.py",)))) == ()


def test_who_ends_something_when_a_check_holds_does_more_than_check() -> None:
    checks = "@@ shop/lines.py @@\n+    if age > OLDEST_S:\n+        return\n"
    ends = "@@ shop/lines.py @@\n+    if age > OLDEST_S:\n+        self.close()\n"

    assert adds_guard(net(parse(checks, ("shop/lines.py",))))
    assert adds_guard(net(parse(ends, ("shop/lines.py",)))) == ()
