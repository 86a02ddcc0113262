"""The command line: one door of several to the same desk. Importing it loads nothing heavy."""

import os
import sys
from collections.abc import Sequence

from rootline.cli.codes import INTERRUPTED
from rootline.cli.parser import parse


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; `docs/cli.md` lists the codes."""
    given = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        from rootline.cli.door import enter  # noqa: PLC0415 help and usage errors need none of it

        return enter(given, os.environ)
    except KeyboardInterrupt:
        return INTERRUPTED
