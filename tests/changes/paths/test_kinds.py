import pytest

from rootline.changes.paths.kinds import is_comment, is_inert, kind_of


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("pkg/a/a_test.go", "test"),
        ("src/test/java/FooTests.java", "test"),
        ("docs/api.md", "docs"),
        ("web/theme.ts", "style"),
        (".github/workflows/ci.yml", "pipeline"),
        ("db/migrations/0001_a.sql", "migration"),
        ("services/a/go.mod", "manifest"),
        ("charts/a/values.yaml", "config"),
        ("services/a/main.go", "code"),
    ],
)
def test_a_path_tells_its_kind(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_a_change_is_inert_only_when_every_file_is() -> None:
    assert is_inert(("docs/a.md", "a_test.go"))
    assert not is_inert(("docs/a.md", "a.go"))
    assert not is_inert(())


def test_comments_and_empty_lines_are_no_code() -> None:
    assert [is_comment(line) for line in ("  // x", "# x", "", "/* x", "#include <a>", "x := 1", "*p = 3")] == [
        True,
        True,
        True,
        True,
        False,
        False,
        False,
    ]
