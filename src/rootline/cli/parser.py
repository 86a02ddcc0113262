"""What can be typed."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from rootline.cli.options import Commands, as_json, choice, speaker, taped
from rootline.cli.parser_fleet import add_fleet
from rootline.cli.parser_lab import add_lab
from rootline.cli.parser_stored import add_stored
from rootline.cli.parser_tapes import add_tapes

EPILOG = """exit codes:
  0  done: a cause, an answer, or that no change explains it
  1  a fault of Rootline itself
  2  the command line cannot be read
  3  something is missing or misconfigured: a tape, a setting, a server, an id
  4  inconclusive: the evidence decides nothing
  5  a score is under its threshold
  6  refused: nothing was done
  130  interrupted
"""


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415 it costs more than all of --help

        print(f"rootline {version('rootline')}")  # noqa: T201 the command line prints
        parser.exit()


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line; exits with 2 and a hint where it cannot."""
    return _parser().parse_args(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rootline",
        description="Finds the cause of an incident and proves each sentence of the answer.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (_investigate, _chat, _serve, _watch, add_stored, add_tapes, _doctor, add_lab, add_fleet):
        add(commands)
    return parser


def _investigate(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("investigate", help="find the cause of an incident, or answer a question")
    one.add_argument("question", nargs="?", default="", help="what is wrong; default: the tape's own, or what changed")
    taped(one)
    one.add_argument("--incident", metavar="ID", help="an incident, or the beginning of its id, instead of a question")
    one.add_argument("--service", default="", help="the service, if known")
    one.add_argument("--start", default="", help="RFC 3339 or now-1h; default: the tape's window, or the last hour")
    one.add_argument("--end", default="", help="as --start")
    one.add_argument("--report", type=Path, help="also write the report to this file (.md or .json)")
    one.add_argument("--save", type=Path, help="write the investigation's tape to this folder")
    one.add_argument("--copy", action="store_true", help="with --save: the sources too, so that it can be asked anew")
    choice(one)
    speaker(one)
    as_json(one)


def _chat(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("chat", help="ask one question after another in one session")
    taped(one)
    choice(one)
    speaker(one)


def _serve(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("serve", help="speak MCP to an IDE, a desktop or a service")
    taped(one)
    choice(one)
    one.add_argument("--transport", choices=("stdio", "http"), default="stdio", help="default: stdio")
    one.add_argument("--host", default="127.0.0.1", help="for http; anything but loopback needs ROOTLINE_TOKENS")
    one.add_argument("--port", type=int, default=8765, help="for http (default: 8765)")
    one.add_argument("--persona", default="", help="whose tools are offered (default: on-call-sre)")


def _watch(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("watch", help="evaluate every service's golden signals on a schedule and open incidents")
    one.add_argument("--once", action="store_true", help="evaluate what is due, then end")
    one.add_argument("--interval", default="60s", help="between two evaluations, 15s to 1h (default: 60s)")
    taped(one, "live metrics, slot by slot; nothing is stored")
    one.add_argument("--policy", type=Path, help="a gating policy of your own (docs/detection.md)")
    choice(one)
    as_json(one)


def _doctor(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("doctor", help="check the settings, the database, the model and every source")
    choice(one)
    as_json(one)
