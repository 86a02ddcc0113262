"""GitHub's documented rules for who owns a path."""

import time

import pytest

from rootline.changes.paths.code_owners import read_rules, rule_for

# The rules that GitHub's documentation explains, in our own paths.
TOLD = """
# This is a comment.
*       @acme/all @acme/leads
*.js    @js-owner #This is an inline comment.
*.go ada@example.com
*.txt @acme/writers
/build/logs/ @doctor
docs/* docs@example.com
apps/ @boris
/handbook/ @doctor
/scripts/ @doctor @boris
**/logs @boris
/apps/ @boris
/apps/github
a\\ folder/ @cleo
"""


def owners(path: str, text: str = TOLD) -> tuple[str, ...] | None:
    rule = rule_for(path, read_rules(text))
    return None if rule is None else rule.owners


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("readme", ("@acme/all", "@acme/leads")),
        ("src/deep/page.js", ("@js-owner",)),
        ("main.go", ("ada@example.com",)),
        ("notes.txt", ("@acme/writers",)),
        ("build/logs/today.txt", ("@boris",)),
        ("other/build/kept", ("@acme/all", "@acme/leads")),
        ("docs/start.md", ("docs@example.com",)),
        ("docs/build-app/trouble.md", ("@acme/all", "@acme/leads")),
        ("inside/docs/start.md", ("@acme/all", "@acme/leads")),
        ("apps/one/main.py", ("@boris",)),
        ("inner/apps/one.py", ("@boris",)),
        ("apps", ("@acme/all", "@acme/leads")),
        ("handbook/a/b.md", ("@doctor",)),
        ("inner/handbook/a.md", ("@acme/all", "@acme/leads")),
        ("scripts/run.sh", ("@doctor", "@boris")),
        ("deeply/nested/logs/a", ("@boris",)),
        ("logs", ("@boris",)),
        ("apps/github/main.py", ()),
        ("a folder/b", ("@cleo",)),
    ],
)
def test_a_path_is_owned_as_github_documents_it(path: str, expected: tuple[str, ...]) -> None:
    assert owners(path) == expected


def test_the_last_rule_that_matches_counts() -> None:
    assert owners("lib/a.py", "/lib/ @first\n*.py @second\n") == ("@second",)
    assert owners("lib/a.py", "*.py @second\n/lib/ @first\n") == ("@first",)


def test_capitals_count() -> None:
    assert owners("Lib/a.py", "/lib/ @first") is None


def test_two_stars_between_folders_are_any_number_of_folders() -> None:
    rules = "/src/**/db @database"

    assert owners("src/db/a.py", rules) == ("@database",)
    assert owners("src/a/b/db/a.py", rules) == ("@database",)
    assert owners("src/a/dbx/a.py", rules) is None


def test_one_star_and_a_question_mark_stay_within_a_name() -> None:
    rules = "/a/*/c.? @x"

    assert owners("a/b/c.h", rules) == ("@x",)
    assert owners("a/b/b/c.h", rules) is None
    assert owners("a/b/c.hh", rules) is None


@pytest.mark.parametrize(
    "line", ["!docs/ @x", "\\#a @x", "a[bc].py @x", "[Section] @x", "^[Section] @x", "docs/ noname"]
)
def test_a_line_that_github_does_not_read_is_passed_over(line: str) -> None:
    assert [rule.owners for rule in read_rules(f"{line}\n/a/ @kept")] == [("@kept",)]


def test_a_rule_tells_its_line_and_whether_it_is_for_all() -> None:
    first, second = read_rules("\n* @all\n\n/a/ @x\n")

    assert (first.line, first.is_for_all, second.line, second.is_for_all) == (2, True, 4, False)


def test_no_rule_and_no_text_own_nothing() -> None:
    assert rule_for("a", ()) is None
    assert read_rules("") == ()
    assert read_rules("# only a comment\n   \n") == ()


def test_a_hostile_pattern_takes_no_time() -> None:
    rules = read_rules("*a" * 400 + " @x\n" + "**/a/" * 80 + "z @x\n")
    began = time.process_time()

    assert rule_for("a/" * 190 + "a" * 20 + "b", rules) is None
    assert time.process_time() - began < 1.0


def test_only_so_many_rules_and_letters_are_read() -> None:
    assert len(read_rules("/a/ @x\n" * 5_000)) == 2_000
    assert read_rules("/a/ @x" + " " * 2_000 + "@y") == read_rules("/a/ @x")
