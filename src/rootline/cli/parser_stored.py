"""What can be typed about what is stored: sessions, incidents, evidence, verdicts, runbooks."""

import argparse

from rootline.cli.options import Commands, as_json, verbs


def add_stored(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add `session`, `feedback`, `incident`, `evidence` and `runbooks`."""
    _session(commands)
    _feedback(commands)
    _incident(commands)
    _evidence(commands)
    _runbooks(commands)


def _session(commands: "Commands[argparse.ArgumentParser]") -> None:
    added = verbs(commands, "session", "list, show or resume conversations")
    listing = added.add_parser("list", help="the most recent sessions and their investigations")
    listing.add_argument("--limit", type=int, default=20)
    as_json(listing)
    show = added.add_parser("show", help="an investigation's report")
    show.add_argument(
        "id", nargs="?", default="", help="a session or investigation id, or its beginning; default: the last"
    )
    as_json(show)
    show.add_argument("--recheck", action="store_true", help="ask the sources again: what no longer holds is stale")
    resume = added.add_parser("resume", help="go on where an interrupted investigation was")
    resume.add_argument("id", nargs="?", default="", help="as for show; default: the last that is not finished")
    as_json(resume)


def _feedback(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("feedback", help="say whether an answer was right; later rankings learn from it")
    one.add_argument(
        "verdict",
        choices=("confirmed", "rejected", "uncertain", "root_cause_set", "note"),
        help="uncertain takes back what you said before; a note moves nothing",
    )
    one.add_argument(
        "id", nargs="?", default="", help="a session or investigation id, or its beginning; default: the last"
    )
    one.add_argument("--hypothesis", type=int, metavar="RANK", help="which explanation (default: the whole answer)")
    one.add_argument("--text", default="", help="in your own words")
    as_json(one)


def _incident(commands: "Commands[argparse.ArgumentParser]") -> None:
    added = verbs(commands, "incident", "what alerts came to, and what you say about it")
    listing = added.add_parser("list", help="open incidents, newest first")
    listing.add_argument("--all", action="store_true", help="ended ones too")
    listing.add_argument("--limit", type=int, default=20)
    as_json(listing)
    _incident_verb(added, "show", "its alerts, how it moved, and what was found")
    for name, told in (
        ("acknowledge", "somebody looks after it"),
        ("resolve", "it is over"),
        ("suppress", "it is noise: its alerts are kept and open nothing"),
    ):
        _incident_verb(added, name, told).add_argument("--reason", default="", help="why, for the record")


def _incident_verb(added: "Commands[argparse.ArgumentParser]", name: str, told: str) -> argparse.ArgumentParser:
    one = added.add_parser(name, help=told)
    one.add_argument("id", nargs="?", default="", help="an id or its beginning; default: the newest")
    as_json(one)
    return one


def _evidence(commands: "Commands[argparse.ArgumentParser]") -> None:
    added = verbs(commands, "evidence", "look at what was stored")
    show = added.add_parser("show", help="one piece of evidence, whole or in part")
    show.add_argument("label", help="for example E3")
    show.add_argument("pointer", nargs="?", default="", help="a JSON pointer, for example /facts/0/points")
    show.add_argument("--investigation", default="", help="an id or its beginning; default: the last")
    as_json(show)


def _runbooks(commands: "Commands[argparse.ArgumentParser]") -> None:
    added = verbs(commands, "runbooks", "index, list or search what people wrote down")
    as_json(added.add_parser("index", help="fetch and read every place; only what changed is indexed anew"))
    as_json(added.add_parser("list", help="every runbook with its risk and owner"))
    search = added.add_parser("search", help="the passages that fit best")
    search.add_argument("query", help="plain words")
    search.add_argument(
        "--in",
        dest="collection",
        choices=("runbooks", "git_diff_chunks", "incident_summaries"),
        default="runbooks",
        help="also what investigations left behind: diffs and answers (default: runbooks)",
    )
    search.add_argument("--limit", type=int, default=5, help="passages (default: 5)")
    as_json(search)
