"""What happens becomes an exit code and one sentence on standard error, and what is typed wrongly is refused."""

import argparse
from pathlib import Path

import pytest
from tests.reports.records import record

from rootline.cli.codes import DONE, FAULT, INCONCLUSIVE, MISSING, REFUSED
from rootline.cli.door import _explained as explained
from rootline.cli.door import enter
from rootline.cli.find import asked, tape_folder
from rootline.cli.outcome import code_of
from rootline.cli.parser import EPILOG, parse
from rootline.domain.session import Question
from rootline.domain.window import Window
from rootline.errors import BadTape, Misconfigured, NotApproved, NotFound, ProviderFailed, ToolFault


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (NotApproved("no"), REFUSED),
        (Misconfigured("no"), MISSING),
        (NotFound("no"), MISSING),
        (BadTape("no"), MISSING),
        (ToolFault("no"), MISSING),
        (ProviderFailed("no"), MISSING),
        (ValueError("no"), FAULT),
        (KeyError("no"), FAULT),
    ],
)
def test_each_error_has_its_exit_code(fault: Exception, code: int) -> None:
    assert explained(fault)[1] == code


def test_a_file_that_cannot_be_had_is_named_and_a_fault_of_ours_says_so() -> None:
    assert explained(FileNotFoundError(2, "No such file or directory", "/no/where")) == (
        "No such file or directory: /no/where.",
        MISSING,
    )
    assert explained(ConnectionError()) == (": a file or a connection.", MISSING)
    assert explained(ValueError("odd")) == ("A fault of Rootline itself: ValueError: odd", FAULT)


def test_every_exit_code_is_explained_in_the_help() -> None:
    listed = {int(line.split()[0]) for line in EPILOG.splitlines()[1:] if line.strip()}

    assert {DONE, FAULT, MISSING, INCONCLUSIVE, REFUSED, 2, 5, 130} == listed


@pytest.mark.parametrize(
    ("words", "environment", "told"),
    [
        (["session", "list"], {"ROOTLINE_MODLE": "x"}, "ROOTLINE_MODLE is no setting of Rootline."),
        (["tape", "show", "/no/such/tape"], {}, "/no/such/tape is no folder. A tape is a folder with tape.yaml in it."),
        (["diff", "/no/such/a", "/no/such/b"], {}, "/no/such/a is no folder."),
        (
            ["investigate", "--tape", "demo", "--cluster", "eu-1"],
            {},
            "--tape asks a recording, and --cluster asks",
        ),
        (["watch", "--tape", "demo", "--select", "a=b"], {}, "--tape asks a recording, and --cluster asks"),
        (["watch", "--interval", "1s"], {}, "interval"),
    ],
)
def test_a_command_that_cannot_run_says_why_on_one_line_and_does_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str], environment: dict[str, str], told: str
) -> None:
    code = enter(parse(words), {"ROOTLINE_HOME": str(tmp_path / "home"), **environment})

    shown = capsys.readouterr()
    assert code == MISSING
    assert told in shown.err
    assert shown.err.startswith("rootline: ")
    assert shown.out == ""


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["guess"],
        ["session"],
        ["session", "guess"],
        ["feedback"],
        ["feedback", "maybe"],
        ["feedback", "confirmed", "--hypothesis", "one"],
        ["tape", "import", "nolayout", "a", "b"],
        ["tape", "import", "cloudops", "a"],
        ["eval", "suite"],
        ["eval", "suite", "--data", "x", "--rename", "two"],
        ["replay"],
        ["diff", "a"],
        ["serve", "--transport", "smoke"],
        ["serve", "--port", "many"],
        ["doctor", "--deadline", "0"],
        ["doctor", "--deadline", "601"],
        ["doctor", "--deadline", "nan"],
        ["evidence", "show"],
        ["runbooks", "search", "x", "--in", "nowhere"],
        ["lab", "break", "--seed", "x"],
        ["cluster", "add"],
        ["incident", "guess"],
        ["investigate", "--no-such-option"],
    ],
)
def test_what_cannot_be_read_ends_with_two_and_a_hint(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(words)

    assert ended.value.code == 2
    assert "usage: rootline" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "read"),
    [
        (
            ["investigate"],
            {"question": "", "tape": "", "incident": None, "json": False, "cluster": []},
        ),
        (["investigate", "why?", "--cluster", "a", "--cluster", "b"], {"question": "why?", "cluster": ["a", "b"]}),
        (["serve"], {"transport": "stdio", "host": "127.0.0.1", "port": 8765}),
        (["watch"], {"once": False, "interval": "60s", "policy": None}),
        (["session", "list"], {"verb": "list", "limit": 20}),
        (["session", "show"], {"id": "", "recheck": False}),
        (["tape", "record", "x"], {"tape": Path("x"), "window": "1h"}),
        (["eval", "s", "--data", "d"], {"model": "builtin", "threshold": [], "rename": None}),
        (["runbooks", "search", "x"], {"collection": "runbooks", "limit": 5}),
        (["doctor", "--deadline", "1.5"], {"deadline": 1.5}),
    ],
)
def test_what_is_left_out_has_its_usual_value(words: list[str], read: dict[str, object]) -> None:
    given: argparse.Namespace = parse(words)

    assert {name: getattr(given, name) for name in read} == read


def test_the_version_is_told_without_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["--version"])

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("rootline ")


def test_a_shipped_tape_is_found_by_its_name_and_an_own_folder_goes_first(tmp_path: Path) -> None:
    own = tmp_path / "demo"
    own.mkdir()

    assert tape_folder("demo").name == "demo"
    assert tape_folder(str(own)) == own
    assert tape_folder("no-such-tape") == Path("no-such-tape")
    assert tape_folder("../demo") == Path("../demo")


QUESTION = Question(
    text="Why?",
    window=Window.model_validate({"start": "2026-03-01T00:00:00Z", "end": "2026-03-01T01:00:00Z"}),
    service="cart",
    trigger="alert",
)


def test_a_person_changes_what_is_asked_and_keeps_the_rest() -> None:
    assert asked(QUESTION, text="", service="", start="", end="") == QUESTION
    changed = asked(QUESTION, text="What else?", service="store", start="now-30m", end="")
    assert (changed.text, changed.service, changed.trigger) == ("What else?", "store", "question")
    assert str(changed.window) == "2026-03-01T00:30:00Z/2026-03-01T01:00:00Z"


@pytest.mark.parametrize(("start", "end"), [("yesterday", ""), ("", "now-2h"), ("now-60d", ""), ("now-999999w", "")])
def test_a_time_that_cannot_be_asked_is_refused(start: str, end: str) -> None:
    with pytest.raises(NotFound, match=r"is no time|is empty|is too long"):
        asked(QUESTION, text="", service="", start=start, end=end)


def test_an_investigation_without_an_answer_or_that_decides_nothing_ends_with_four() -> None:
    whole = record()

    assert whole.answer is not None
    assert code_of(whole) == DONE
