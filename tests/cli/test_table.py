"""What can be typed and what can be called are the same commands, and calling one loads no other."""

import argparse
import inspect
import subprocess
import sys

import pytest

from rootline.cli.parser import _parser
from rootline.cli.table import PLACES, command


def typed() -> set[str]:
    (verbs,) = (one for one in _parser()._actions if isinstance(one, argparse._SubParsersAction))  # noqa: SLF001 argparse keeps no public list
    return set(verbs.choices)


def test_each_command_that_can_be_typed_has_a_place_and_each_place_can_be_typed() -> None:
    assert typed() == set(PLACES)


@pytest.mark.parametrize("name", sorted(PLACES))
def test_a_command_takes_what_was_typed_and_the_settings(name: str) -> None:
    found = command(name)

    assert inspect.iscoroutinefunction(found)
    assert list(inspect.signature(found).parameters) == ["given", "settings"]


def test_a_command_that_is_not_there_is_no_command() -> None:
    with pytest.raises(KeyError, match="guess"):
        command("guess")


def test_a_command_loads_neither_the_laboratory_nor_the_server_nor_the_suites() -> None:
    script = (
        "import sys; from rootline.cli.table import command; command('session'); command('feedback')\n"
        "print(sorted({'mcp', 'rootline.cli.lab', 'rootline.evals.run', 'rootline.cli.watching'} & set(sys.modules)))"
    )

    shown = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout

    assert shown == "[]\n"
