"""Turns a command into a call, and whatever happens into an exit code and a sentence."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Mapping

from rootline.cli.codes import DONE, FAULT, INTERRUPTED, MISSING, REFUSED
from rootline.cli.table import command
from rootline.errors import NotApproved, RootlineError
from rootline.settings import Settings, read_settings


def enter(given: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Run the command; errors of ours become one sentence on standard error."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    try:
        settings = read_settings(environment)
        return asyncio.run(_run(given, settings))
    except KeyboardInterrupt:
        return _said("Interrupted. What was stored is kept; `rootline session list` shows it.", INTERRUPTED)
    except BrokenPipeError:
        return DONE
    except Exception as fault:
        logging.getLogger(__name__).debug("the command failed", exc_info=True)
        return _said(*_explained(fault))


def _explained(fault: Exception) -> tuple[object, int]:
    if isinstance(fault, NotApproved):
        return fault, REFUSED
    if isinstance(fault, RootlineError):
        return fault, MISSING
    if isinstance(fault, OSError):
        return f"{fault.strerror or fault}: {fault.filename or 'a file or a connection'}.", MISSING
    return f"A fault of Rootline itself: {type(fault).__name__}: {fault}", FAULT


async def _run(given: argparse.Namespace, settings: Settings) -> int:
    return await command(given.command)(given, settings)


def _said(what: object, code: int) -> int:
    print(f"rootline: {what}", file=sys.stderr)  # noqa: T201 the command line prints
    return code
