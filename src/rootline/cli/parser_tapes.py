"""What can be typed about recordings and suites of them."""

import argparse
from pathlib import Path

from rootline.cli.options import Commands, as_json, choice, speaker, verbs


def add_tapes(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add `tape`, `replay`, `diff` and `eval`."""
    _tape(commands)
    _replay(commands)
    _diff(commands)
    _eval(commands)


def _tape(commands: "Commands[argparse.ArgumentParser]") -> None:
    added = verbs(commands, "tape", "import or look at recorded incidents")
    bring = added.add_parser("import", help="make a tape of another layout")
    bring.add_argument("layout", choices=("rootcausebench", "cloudops"))
    bring.add_argument("folder", type=Path, help="one incident in that layout")
    bring.add_argument("tape", type=Path, help="the folder to write")
    show = added.add_parser("show", help="what a tape holds")
    show.add_argument("tape", help="a tape's folder, or the name of a shipped one")
    as_json(show)
    record = added.add_parser("record", help="write a tape of live sources that replays to the same answer")
    record.add_argument("tape", type=Path, help="the folder to write")
    record.add_argument("--question", default="", help="what is asked (default: what changed)")
    record.add_argument("--service", default="", help="the service, if known")
    record.add_argument("--window", default="1h", help="how long before the end, such as 2h or 30m (default: 1h)")
    record.add_argument("--end", default="", help="RFC 3339 or now-1h; default: now")
    choice(record)
    speaker(record)
    as_json(record)


def _replay(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("replay", help="run a saved investigation again")
    one.add_argument("tape", help="a folder written by investigate --save")
    one.add_argument("--save", type=Path, help="write the new investigation's tape to this folder")
    speaker(one)
    as_json(one)


def _diff(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("diff", help="what changed between two saved investigations")
    one.add_argument("before", help="a folder written by investigate --save")
    one.add_argument("after", help="another")
    as_json(one)


def _eval(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("eval", help="score a suite of labelled incidents")
    one.add_argument("suite", help="the suite's name (docs/evals.md lists them)")
    one.add_argument("--data", type=Path, required=True, help="the folder that holds the cases")
    one.add_argument("--model", default="builtin", help="who answers (default: builtin)")
    one.add_argument("--predictions", type=Path, help="write one JSON line a case")
    one.add_argument("--json", type=Path, help="write the scores")
    one.add_argument("--junit", type=Path, help="write a JUnit file")
    one.add_argument("--html", type=Path, help="write a self-contained report")
    one.add_argument("--threshold", action="append", default=[], metavar="SCORE=VALUE", help="exit with 5 below it")
    one.add_argument("--rename", type=int, metavar="SEED", help="rename every service, pod, node and person first")
    one.add_argument("--limit", type=int, help="only the first cases")
    one.add_argument("--compare", type=Path, metavar="PREDICTIONS", help="compare with an earlier run, case by case")
