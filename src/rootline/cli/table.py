"""Where each command lives. The module of a command is loaded when the command is called, and no other."""

import argparse
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from typing import cast

from rootline.settings import Settings

Command = Callable[[argparse.Namespace, Settings], Awaitable[int]]

PLACES: Mapping[str, str] = {
    "investigate": "rootline.cli.investigate:investigate",
    "chat": "rootline.cli.chat:chat",
    "serve": "rootline.cli.serve:serve",
    "watch": "rootline.cli.watching:watch",
    "session": "rootline.cli.session:session",
    "feedback": "rootline.cli.feedback:feedback",
    "evidence": "rootline.cli.evidence:evidence",
    "tape": "rootline.cli.tape:tape",
    "replay": "rootline.cli.replay:replay",
    "diff": "rootline.cli.replay:diff",
    "eval": "rootline.cli.evaluate:evaluate",
    "runbooks": "rootline.cli.runbooks:runbooks",
    "doctor": "rootline.cli.doctor:doctor",
    "lab": "rootline.cli.lab:lab",
    "incident": "rootline.cli.incidents:incident",
    "cluster": "rootline.cli.cluster:cluster",
    "source": "rootline.cli.source:source",
}


def command(name: str) -> Command:
    """Load the function of a command by the name that is typed; raise KeyError where there is none."""
    module, _, function = PLACES[name].partition(":")
    return cast("Command", getattr(import_module(module), function))
