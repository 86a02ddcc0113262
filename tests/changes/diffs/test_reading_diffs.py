"""A diff that a tool made of two files reads back as the lines that came and went, with their places."""

import difflib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rootline.changes.diffs.diff import MAX_DIFF, parse
from rootline.changes.diffs.net import lowered, net
from rootline.changes.diffs.written_lines import written_lines
from rootline.changes.paths.kinds import INERT, is_comment, is_inert, kind_of, kinds_of
from rootline.changes.words.tokens import identifiers, parts, stem, terms

LINE = st.text("abc d{}()=+-#@", max_size=8)
FILES = st.lists(LINE, max_size=12)


def unified(before: list[str], after: list[str], path: str = "src/a.py") -> str:
    rows = difflib.unified_diff(before, after, f"a/{path}", f"b/{path}", lineterm="", n=2)
    return f"diff --git a/{path} b/{path}\n" + "\n".join(rows)


def is_plain(line: str) -> bool:
    """Whether a line cannot be taken for the mark of a file, whichever sign stands before it."""
    return not line.startswith(("-- ", "++ "))


@settings(deadline=None)
@given(before=FILES, after=FILES)
@example(before=["", "a"], after=["a", ""])
@example(before=["-"], after=["+"])
def test_what_came_and_what_went_is_read_line_by_line(before: list[str], after: list[str]) -> None:
    before, after = list(filter(is_plain, before)), list(filter(is_plain, after))

    found = parse(unified(before, after))

    rows = list(difflib.unified_diff(before, after, lineterm="", n=2))[2:]
    assert [line.text for line in found.added] == [row[1:] for row in rows if row[:1] == "+"]
    assert [line.text for line in found.removed] == [row[1:] for row in rows if row[:1] == "-"]
    assert [line.text for line in found.context] == [row[1:] for row in rows if row[:1] == " "]


@settings(deadline=None)
@given(before=FILES, after=FILES)
def test_a_written_line_stands_in_the_new_file_where_it_is_said_to(before: list[str], after: list[str]) -> None:
    text = unified(before, after)

    rows = text.split("\n")
    for number, row in written_lines(text).get("src/a.py", {}).items():
        assert after[number - 1] == rows[row - 1][1:]


@settings(deadline=None)
@given(before=FILES, after=FILES)
def test_every_line_stands_in_the_stored_text_where_it_is_said_to(before: list[str], after: list[str]) -> None:
    text = unified(before, after)
    rows = text.split("\n")

    found = parse(text)

    assert all(rows[line.number - 1] == line.sign + line.text for line in found.lines)
    assert {line.file for line in found.lines} <= {"src/a.py"}


@given(text=st.text(max_size=300) | st.text(alphabet="+-@ ab/\n", max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    found = parse(text, ("a.py",))

    assert found.changed_chars <= len(text)
    assert net(found).whole is found


def test_an_added_line_that_begins_with_pluses_is_a_line_and_no_file() -> None:
    text = unified(["a"], ["a", "++ i", "b"])

    assert [line.text for line in parse(text).added] == ["++ i", "b"]
    assert sorted(written_lines(text)["src/a.py"]) == [2, 3]


def test_two_files_of_one_diff_are_told_apart_and_a_new_and_a_gone_one_too() -> None:
    text = "\n".join(
        [
            unified(["a"], ["b"], "x/one.go"),
            "diff --git a/new.py b/new.py\nnew file mode 100644\n--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+c",
            "diff --git a/old.py b/old.py\ndeleted file mode 100644\n--- a/old.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-d",
        ]
    )

    found = parse(text)

    assert [(line.file, line.sign, line.text) for line in found.lines] == [
        ("x/one.go", "-", "a"),
        ("x/one.go", "+", "b"),
        ("new.py", "+", "c"),
        ("old.py", "-", "d"),
    ]
    assert found.files == ("x/one.go", "new.py", "old.py")


def test_beyond_the_bound_nothing_is_read() -> None:
    text = "@@ a.py @@\n" + "+x\n" * MAX_DIFF

    assert len(parse(text).added) <= MAX_DIFF // 3


@settings(deadline=None)
@given(lines=st.lists(st.text("abcxyz ()=", min_size=1, max_size=8), max_size=10))
def test_lines_that_only_moved_or_were_indented_change_nothing(lines: list[str]) -> None:
    rows = [f"-{line}" for line in lines] + [f"+    {line}" for line in sorted(lines)]

    found = net(parse("@@ src/a.py @@\n" + "\n".join(rows), ("src/a.py",)))

    assert found.is_empty


@pytest.mark.parametrize("path", ["tests/a.py", "docs/a.md", "ui/theme.css", ".github/workflows/x.yml", "logo.png"])
def test_files_that_do_not_run_change_nothing(path: str) -> None:
    assert net(parse(f"@@ {path} @@\n-a = 1\n+a = 2", (path,))).is_empty


def test_a_pattern_is_written_for_lower_case_and_keeps_its_classes() -> None:
    found = lowered(r"FOR UPDATE|\S+Lock\(\W")

    assert found.search("select a for update")
    assert found.search("xlock( ")
    assert not found.search("FOR UPDATE")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("tests/unit/a.py", "test"),
        ("src/__tests__/a.js", "test"),
        ("web/a.spec.ts", "test"),
        ("pkg/a_test.go", "test"),
        ("src/FooTest.java", "test"),
        ("conftest.py", "test"),
        ("src/latest/a.py", "code"),
        ("src/contest.py", "code"),
        ("src/attestation/a.go", "code"),
        ("README", "docs"),
        ("docs/a.py", "docs"),
        ("CHANGELOG.md", "docs"),
        ("examples/a.go", "docs"),
        ("web/a.css", "style"),
        ("i18n/de.json", "style"),
        ("src/locales/en/a.yaml", "style"),
        (".gitlab-ci.yml", "pipeline"),
        ("Jenkinsfile", "pipeline"),
        (".circleci/config.yml", "pipeline"),
        ("deploy/staging/app.yaml", "elsewhere"),
        ("values-dev.yaml", "elsewhere"),
        (".env.test", "elsewhere"),
        ("docker-compose.override.yml", "elsewhere"),
        ("deploy/production/app.yaml", "config"),
        ("grafana/shop.json", "watching"),
        ("alerts/cart.rules", "watching"),
        ("prometheus/cart-alert-rules.yaml", "watching"),
        ("img/a.PNG", "asset"),
        ("db/V12__add.sql", "migration"),
        ("alembic/versions/1.py", "migration"),
        ("queries/a.sql", "migration"),
        ("go.sum", "manifest"),
        ("requirements-dev.txt", "manifest"),
        ("services/a/Dockerfile.prod", "manifest"),
        ("Cargo.lock", "manifest"),
        ("app.toml", "config"),
        ("main.tf", "config"),
        ("k8s/a", "config"),
        ("helm/templates/a.tpl", "config"),
        ("src/main.rs", "code"),
        ("Makefile", "code"),
        ("", "code"),
    ],
)
def test_a_path_is_of_the_first_kind_whose_names_fit(path: str, kind: str) -> None:
    assert kind_of(path) == kind
    assert is_inert((path,)) is (kind in INERT)


def test_the_kinds_of_a_commit_are_those_of_its_first_two_hundred_files() -> None:
    many = ("docs/a.md",) * 200 + ("src/a.py",)

    assert kinds_of(many) == {"docs"}
    assert is_inert(many)


@pytest.mark.parametrize(
    "line", ["", "   ", "# a", "// a", "/* a", " * a", "<!-- a -->", "-- a", ";; a", '"""', "'''a"]
)
def test_a_comment_is_no_code(line: str) -> None:
    assert is_comment(line)


@pytest.mark.parametrize("line", ["a", "#include <a>", "#define A", "*p = 1", "--x", "; a", "a # b", "'a'"])
def test_code_is_no_comment(line: str) -> None:
    assert not is_comment(line)


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("HTTPServer", ("serv", "httpserver")),
        ("user_id", ("user", "id", "user_id")),
        ("retries", ("retr",)),
        ("timeouts", ("timeout",)),
        ("IOException", ("io", "exception", "ioexception")),
        ("x", ()),
        ("sha256", ("sha", "256", "sha256")),
        ("__init__", ("init",)),
    ],
)
def test_a_word_falls_into_what_it_is_written_of(word: str, pieces: tuple[str, ...]) -> None:
    assert parts(word) == pieces


@given(word=st.from_regex(r"[a-z]{2,30}", fullmatch=True))
def test_a_stem_is_the_beginning_of_its_word_and_four_letters_at_least(word: str) -> None:
    found = stem(word)

    assert word.startswith(found)
    assert len(found) >= min(len(word), 4)
    assert len(word) - len(found) <= len("ations")


@given(text=st.text(max_size=200), other=st.text(max_size=200))
def test_terms_of_two_texts_add_up(text: str, other: str) -> None:
    assert terms(f"{text}\n{other}") == terms(text) + terms(other)
    assert identifiers(f"{text}\n{other}") == identifiers(text) | identifiers(other)
