"""What a reader of README and docs would type."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from rootline.cli.parser import parse
from rootline.cli.table import PLACES
from rootline.settings import KNOWN

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
ASSIGNMENT = re.compile(r"\A[A-Z_]+=\S*\s+")


def commands(page: Path) -> list[list[str]]:
    blocks = [block.replace("\\\n", " ") for block in BLOCK.findall(page.read_text())]
    lines = [line for block in blocks for line in block.splitlines()]
    typed = [line.split("#")[0].strip().removeprefix("$ ") for line in lines]
    return [words[1:] for line in typed if (words := shlex.split(_bare(line))) and words[0].endswith("rootline")]


def _bare(line: str) -> str:
    while ASSIGNMENT.match(line):
        line = ASSIGNMENT.sub("", line)
    return line


@pytest.mark.promise("documents-hold")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_can_be_typed(page: Path) -> None:
    for words in commands(page):
        parse(words)


def test_commands_are_found_where_a_reader_sees_some() -> None:
    found = {page.name: len(commands(page)) for page in PAGES}

    assert found["README.md"] >= 10
    assert sum(found.values()) >= 50


@pytest.mark.promise("documents-hold")
@pytest.mark.parametrize("name", sorted(PLACES))
def test_every_command_is_listed(name: str) -> None:
    assert f"`rootline {name}" in (ROOT / "docs" / "cli.md").read_text()


@pytest.mark.promise("documents-hold")
@pytest.mark.parametrize("name", sorted(KNOWN))
def test_every_variable_is_documented(name: str) -> None:
    told = "".join(page.read_text() for page in PAGES)

    assert name in told or f"`ROOTLINE_…_{name.rpartition('_')[2]}`" in told


def run(*words: str, home: Path, at: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ROOTLINE_HOME": str(home), "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "rootline.cli", *words],
        env=environment,
        cwd=at,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.promise("no-key-no-network")
def test_a_newcomer_s_afternoon(tmp_path: Path) -> None:
    home = tmp_path / "home"

    def type_in(*words: str) -> str:
        done = run(*words, home=home, at=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout

    demo = type_in("investigate", "--tape", "demo")
    assert "✓ [E3] checkoutservice http_server_duration_p99_ms rose" in demo
    assert "nothing has been run" in demo
    assert "\x1b[" not in demo

    assert '"unit": "ms"' in type_in("evidence", "show", "E3", "/facts/0")
    assert "sha256" in type_in("session", "show")

    outage = type_in("investigate", "why do charges fail?", "--tape", "provider-outage", "--save", "mine", "--copy")
    assert "#1" in outage
    type_in("investigate", "--tape", "provider-outage", "--persona", "network", "--report", "report.md")
    assert (tmp_path / "report.md").read_text().startswith("# ")

    type_in("replay", "mine", "--persona", "database", "--save", "again")
    assert "evidence" in type_in("diff", "mine", "again")
    assert "not recorded" in type_in("tape", "show", "demo")
    assert len(type_in("session", "list").splitlines()) == 4
    assert "embedded PostgreSQL answers" in type_in("doctor")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("investigate", "--tape", "nowhere"), 3, "is no folder"),
        (("investigate", "--tape", "demo", "--persona", "nobody"), 3, "There is no persona 'nobody'"),
        (("investigate", "--tape", "demo", "--model", "gpt"), 3, "names no provider"),
        (("investigate", "--tape", "demo", "--start", "yesterday"), 3, "is no time"),
        (("eval", "nothing", "--data", "."), 3, "There is no suite"),
        (("frobnicate",), 2, "invalid choice"),
    ],
)
def test_a_wrong_command_says_what_would_help(words: tuple[str, ...], code: int, told: str, tmp_path: Path) -> None:
    done = run(*words, home=tmp_path / "home", at=tmp_path)

    assert (done.returncode, told in done.stderr) == (code, True)
    assert "Traceback" not in done.stderr
