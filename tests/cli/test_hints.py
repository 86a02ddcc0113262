import os
from pathlib import Path

import pytest

from rootline.cli.hints import typed_as


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program of that name in a folder of its own."""
    found = tmp_path / "bin" / "rootline"
    found.parent.mkdir()
    found.touch(mode=0o755)
    return found


def test_a_command_that_a_shell_finds_is_typed_by_its_name(program: Path) -> None:
    assert typed_as(program, f"/nowhere:{program.parent}") == "rootline"


def test_one_that_no_shell_finds_is_typed_as_it_was_started(program: Path) -> None:
    assert typed_as(program, "/nowhere") == os.path.relpath(program)


def test_a_module_that_was_run_is_called_by_the_commands_name() -> None:
    assert typed_as(Path("/site/rootline/cli/__main__.py"), "/nowhere") == "rootline"
