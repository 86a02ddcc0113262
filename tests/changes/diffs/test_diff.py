from rootline.changes.diffs.diff import MAX_DIFF, Diff, DiffLine, parse

UNIFIED = """diff --git a/src/a.go b/src/a.go
index 1..2 100644
--- a/src/a.go
+++ b/src/a.go
@@ -1,3 +1,3 @@ func A() {
 kept
-gone
+came
diff --git a/old.txt b/new.txt
similarity index 100%
rename from old.txt
rename to new.txt
diff --git a/q.sql b/q.sql
--- a/q.sql
+++ b/q.sql
@@ -9 +9 @@
--- a comment that went
+select 1
"""


def test_a_unified_diff_keeps_files_signs_and_places() -> None:
    diff = parse(UNIFIED)

    assert diff.removed == (DiffLine("src/a.go", 7, "-", "gone"), DiffLine("q.sql", 17, "-", "-- a comment that went"))
    assert diff.added == (DiffLine("src/a.go", 8, "+", "came"), DiffLine("q.sql", 18, "+", "select 1"))
    assert diff.context == (DiffLine("src/a.go", 6, " ", "kept"),)
    assert diff.heads == (DiffLine("src/a.go", 5, "@", "func A() {"),)


def test_hunks_alone_name_their_file_in_the_head() -> None:
    diff = parse("@@ services/x/a.go: func A() {\n+came\n@@ services/x/b.yaml @@\n-gone\n", ("services/x/a.go",))

    assert diff.added == (DiffLine("services/x/a.go", 2, "+", "came"),)
    assert diff.removed == (DiffLine("services/x/b.yaml", 4, "-", "gone"),)
    assert diff.files == ("services/x/a.go", "services/x/b.yaml")


def test_hunks_without_a_name_belong_to_the_only_file() -> None:
    assert parse("@@ func A() {\n+came\n", ("a.go",)).added == (DiffLine("a.go", 2, "+", "came"),)
    assert parse("@@ require (\n+came\n", ("go.mod", "go.sum")).added == (DiffLine("", 2, "+", "came"),)


def test_a_missing_diff_leaves_the_files() -> None:
    assert parse("", ("a.go",)) == Diff(files=("a.go",))


def test_what_is_no_diff_is_an_empty_one() -> None:
    assert parse("nothing to see\x00here").lines == ()


def test_only_the_first_part_of_a_huge_diff_is_read() -> None:
    diff = parse("+" + "x" * 10 * MAX_DIFF, ("a.go",))

    assert diff.changed_chars == MAX_DIFF - 1
