"""Whatever a file in YAML holds, whoever reads it ends with a value or with an error that names the file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.errors import BadTape, Misconfigured
from rootline.personas.library import load
from rootline.sources.flags.definitions import NoFlags, read_definitions
from rootline.sources.runbooks.markdown import read_page
from rootline.tapes.folder import TapeFolder
from rootline.tapes.runbook_files import read_runbook
from rootline.yaml_text import NoYaml, read_yaml

HOSTILE = (
    "a: [",
    "a: b: c",
    "\t- a",
    "a: &x [*y]",
    "? [a]\n: b",
    "a: 2026-13-45",
    "a: 2026-01-01T99:00:00Z",
    "a: !!int x",
    "a: !!float x",
    "a: !!timestamp x",
    "a: !!python/object/apply:os.system [ls]",
    "a: " + "[" * 200,
    "a: \x00",
    "<<: [1]",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_yaml_is_one_error_on_one_line(text: str) -> None:
    with pytest.raises(NoYaml) as told:
        read_yaml(text)

    assert 0 < len(str(told.value)) <= 300
    assert "\n" not in str(told.value)


def test_what_is_nested_too_deep_is_no_yaml() -> None:
    with pytest.raises(NoYaml, match="maximum recursion depth"):
        read_yaml("[" * 1_500)


def test_bytes_that_are_no_unicode_are_no_yaml() -> None:
    with pytest.raises(NoYaml):
        read_yaml(b"a: \xff\xfe\x00\xd8")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("a: 1", {"a": 1}),
        ("- a\n- 1.5", ["a", 1.5]),
        ("a: null", {"a": None}),
        ("yes", True),
        (b"a: b", {"a": "b"}),
    ],
)
def test_plain_values_are_read(text: str | bytes, value: object) -> None:
    assert read_yaml(text) == value


@given(text=st.text(max_size=80) | st.text(alphabet="a:-[]{}&*!?|>'\"# \n\t0123.", max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        read_yaml(text)
    except NoYaml as told:
        assert str(told)  # noqa: PT017 either a value or this error


def of_a_persona(folder: Path, text: str) -> None:
    (folder / "own.yaml").write_text(text, encoding="utf-8", newline="")
    load(folder)


def of_a_tape(folder: Path, text: str) -> None:
    (folder / "tape.yaml").write_text(text, encoding="utf-8", newline="")
    TapeFolder(folder).load()


def of_a_runbook(_: Path, text: str) -> None:
    read_runbook("own.md", f"---\n{text}\n---\nbody")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    ("read", "kind", "names"),
    [
        (of_a_persona, Misconfigured, "own.yaml is no persona"),
        (of_a_tape, BadTape, "tape.yaml cannot be read"),
        (of_a_runbook, BadTape, "own.md: the head between the --- lines takes"),
    ],
)
def test_a_broken_file_is_named_by_whoever_reads_it(
    tmp_path: Path, read: Callable[[Path, str], None], kind: type[Exception], names: str, text: str
) -> None:
    with pytest.raises(kind, match=names):
        read(tmp_path, text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_with_a_broken_head_is_still_a_page_and_broken_flags_are_told(text: str) -> None:
    assert "# Slow" in read_page("slow", f"---\n{text}\n---\n# Slow\n").body
    with pytest.raises(NoFlags):
        read_definitions(text.encode(), is_yaml=True)
