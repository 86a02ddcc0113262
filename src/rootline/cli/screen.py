"""The terminal that a person reads."""

import os
import sys

from rich.console import Console


class _Screen(Console):
    """Falls silent when nobody reads any more, so that what was begun is finished and stored."""

    def on_broken_pipe(self) -> None:
        """Send the rest nowhere."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def screen() -> Console:
    """Return a console that wraps nothing and colours only what it is told to."""
    return _Screen(soft_wrap=True, highlight=False)
