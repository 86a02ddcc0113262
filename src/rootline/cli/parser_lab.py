"""What can be typed about the laboratory."""

import argparse
from pathlib import Path

from rootline.cli.options import Commands, verbs


def add_lab(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add `lab` and its verbs."""
    added = verbs(commands, "lab", "a small shop to break and to investigate live")
    up = _lab_verb(added, "up", "start the shop, its load, Prometheus and Alertmanager; Ctrl-C ends them")
    up.add_argument("--detach", action="store_true", help="return when it is up; `lab down` ends it")
    up.add_argument("--seed", type=int, default=0, help="of the visitors")
    broken = _lab_verb(added, "break", "deploy a bad commit or inject a fault, among innocent deployments")
    broken.add_argument("name", nargs="?", default="", help="a fault; `lab status` lists them")
    broken.add_argument("--patch", type=Path, help="instead: a unified diff to commit and deploy")
    broken.add_argument("--service", default="", help="with --patch: the service that runs it")
    broken.add_argument("--seed", type=int, default=0, help="decides service, order and times")
    broken.add_argument("--investigate", action="store_true", help="then wait for the alert and investigate")
    check = _lab_verb(added, "check", "run every fault from a clean start and report what was found")
    check.add_argument("--seed", type=int, default=0, help="decides service, order and times")
    check.add_argument("--only", nargs="+", default=[], metavar="NAME", help="only these faults")
    check.add_argument("--json", type=Path, help="write the report to this file")
    check.add_argument("--verbose", action="store_true", help="show every deployment")
    status = _lab_verb(added, "status", "what runs, what fires, and which faults there are")
    status.add_argument("--truth", action="store_true", help="also what was done")
    _lab_verb(added, "down", "end every process of the laboratory")


def _lab_verb(added: "Commands[argparse.ArgumentParser]", name: str, told: str) -> argparse.ArgumentParser:
    one = added.add_parser(name, help=told)
    one.add_argument("--home", type=Path, help="where its folder `lab` is kept (default: ROOTLINE_HOME)")
    return one
