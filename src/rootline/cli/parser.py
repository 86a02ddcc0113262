"""What can be typed."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from rootline.cli.parser_fleet import add_fleet, choice

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
    own = (
        _investigate,
        _chat,
        _serve,
        _watch,
        _session,
        _feedback,
        _evidence,
        _tape,
        _replay,
        _diff,
        _eval,
        _runbooks,
        _doctor,
        _lab,
        _incident,
    )
    for add in own:
        add(commands)
    add_fleet(commands)
    return parser


Commands = argparse._SubParsersAction  # noqa: SLF001 argparse has no public name for it


def _investigate(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("investigate", help="find the cause of an incident, or answer a question")
    one.add_argument("question", nargs="?", default="", help="what is wrong; default: the tape's own, or what changed")
    one.add_argument("--tape", default="", help="a recording instead of live sources: a folder, or `demo`")
    one.add_argument("--incident", metavar="ID", help="an incident, or the beginning of its id, instead of a question")
    one.add_argument("--service", default="", help="the service, if known")
    one.add_argument("--start", default="", help="RFC 3339 or now-1h; default: the tape's window, or the last hour")
    one.add_argument("--end", default="", help="as --start")
    one.add_argument("--report", type=Path, help="also write the report to this file (.md or .json)")
    one.add_argument("--save", type=Path, help="write the investigation's tape to this folder")
    one.add_argument("--copy", action="store_true", help="with --save: the sources too, so that it can be asked anew")
    choice(one)
    _speaker(one)
    _json(one)


def _speaker(one: argparse.ArgumentParser) -> None:
    one.add_argument("--persona", default="", help="who asks (default: on-call-sre)")
    one.add_argument(
        "--model", default="", help="builtin, vllm:NAME, openai:NAME, anthropic:NAME (default: ROOTLINE_MODEL)"
    )


def _json(one: argparse.ArgumentParser) -> None:
    one.add_argument("--json", action="store_true", help="print JSON for scripts")


def _chat(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("chat", help="ask one question after another in one session")
    one.add_argument("--tape", default="", help="a recording instead of live sources: a folder, or `demo`")
    choice(one)
    _speaker(one)


def _serve(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("serve", help="speak MCP to an IDE, a desktop or a service")
    one.add_argument("--tape", default="", help="a recording instead of live sources: a folder, or `demo`")
    choice(one)
    one.add_argument("--transport", choices=("stdio", "http"), default="stdio", help="default: stdio")
    one.add_argument("--host", default="127.0.0.1", help="for http; anything but loopback needs ROOTLINE_TOKENS")
    one.add_argument("--port", type=int, default=8765, help="for http (default: 8765)")
    one.add_argument("--persona", default="", help="whose tools are offered (default: on-call-sre)")


def _watch(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("watch", help="evaluate every service's golden signals on a schedule and open incidents")
    one.add_argument("--once", action="store_true", help="evaluate what is due, then end")
    one.add_argument("--interval", default="60s", help="between two evaluations, 15s to 1h (default: 60s)")
    one.add_argument("--tape", default="", help="a recording instead of live metrics, slot by slot; nothing is stored")
    one.add_argument("--policy", type=Path, help="a gating policy of your own (docs/detection.md)")
    choice(one)
    _json(one)


def _session(commands: "Commands[argparse.ArgumentParser]") -> None:
    verbs = commands.add_parser("session", help="list, show or resume conversations").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    listing = verbs.add_parser("list", help="the most recent sessions and their investigations")
    listing.add_argument("--limit", type=int, default=20)
    _json(listing)
    show = verbs.add_parser("show", help="an investigation's report")
    show.add_argument(
        "id", nargs="?", default="", help="a session or investigation id, or its beginning; default: the last"
    )
    _json(show)
    show.add_argument("--recheck", action="store_true", help="ask the sources again: what no longer holds is stale")
    resume = verbs.add_parser("resume", help="go on where an interrupted investigation was")
    resume.add_argument("id", nargs="?", default="", help="as for show; default: the last that is not finished")
    _json(resume)


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
    _json(one)


def _incident(commands: "Commands[argparse.ArgumentParser]") -> None:
    verbs = commands.add_parser("incident", help="what alerts came to, and what you say about it").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    listing = verbs.add_parser("list", help="open incidents, newest first")
    listing.add_argument("--all", action="store_true", help="ended ones too")
    listing.add_argument("--limit", type=int, default=20)
    _json(listing)
    _incident_verb(verbs, "show", "its alerts, how it moved, and what was found")
    for name, told in (
        ("acknowledge", "somebody looks after it"),
        ("resolve", "it is over"),
        ("suppress", "it is noise: its alerts are kept and open nothing"),
    ):
        _incident_verb(verbs, name, told).add_argument("--reason", default="", help="why, for the record")


def _incident_verb(verbs: "Commands[argparse.ArgumentParser]", name: str, told: str) -> argparse.ArgumentParser:
    one = verbs.add_parser(name, help=told)
    one.add_argument("id", nargs="?", default="", help="an id or its beginning; default: the newest")
    _json(one)
    return one


def _evidence(commands: "Commands[argparse.ArgumentParser]") -> None:
    verbs = commands.add_parser("evidence", help="look at what was stored").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    show = verbs.add_parser("show", help="one piece of evidence, whole or in part")
    show.add_argument("label", help="for example E3")
    show.add_argument("pointer", nargs="?", default="", help="a JSON pointer, for example /facts/0/points")
    show.add_argument("--investigation", default="", help="an id or its beginning; default: the last")
    _json(show)


def _tape(commands: "Commands[argparse.ArgumentParser]") -> None:
    verbs = commands.add_parser("tape", help="import or look at recorded incidents").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    bring = verbs.add_parser("import", help="make a tape of another layout")
    bring.add_argument("layout", choices=("rootcausebench", "cloudops"))
    bring.add_argument("folder", type=Path, help="one incident in that layout")
    bring.add_argument("tape", type=Path, help="the folder to write")
    show = verbs.add_parser("show", help="what a tape holds")
    show.add_argument("tape", help="a tape's folder, or the name of a shipped one")
    _json(show)
    record = verbs.add_parser("record", help="write a tape of live sources that replays to the same answer")
    record.add_argument("tape", type=Path, help="the folder to write")
    record.add_argument("--question", default="", help="what is asked (default: what changed)")
    record.add_argument("--service", default="", help="the service, if known")
    record.add_argument("--window", default="1h", help="how long before the end, such as 2h or 30m (default: 1h)")
    record.add_argument("--end", default="", help="RFC 3339 or now-1h; default: now")
    choice(record)
    _speaker(record)
    _json(record)


def _replay(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("replay", help="run a saved investigation again")
    one.add_argument("tape", help="a folder written by investigate --save")
    one.add_argument("--save", type=Path, help="write the new investigation's tape to this folder")
    _speaker(one)
    _json(one)


def _diff(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("diff", help="what changed between two saved investigations")
    one.add_argument("before", help="a folder written by investigate --save")
    one.add_argument("after", help="another")
    _json(one)


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


def _runbooks(commands: "Commands[argparse.ArgumentParser]") -> None:
    verbs = commands.add_parser("runbooks", help="index, list or search what people wrote down").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    _json(verbs.add_parser("index", help="fetch and read every place; only what changed is indexed anew"))
    _json(verbs.add_parser("list", help="every runbook with its risk and owner"))
    search = verbs.add_parser("search", help="the passages that fit best")
    search.add_argument("query", help="plain words")
    search.add_argument(
        "--in",
        dest="collection",
        choices=("runbooks", "git_diff_chunks", "incident_summaries"),
        default="runbooks",
        help="also what investigations left behind: diffs and answers (default: runbooks)",
    )
    search.add_argument("--limit", type=int, default=5, help="passages (default: 5)")
    _json(search)


def _doctor(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("doctor", help="check the settings, the database, the model and every source")
    choice(one)
    _json(one)


def _lab(commands: "Commands[argparse.ArgumentParser]") -> None:
    verbs = commands.add_parser("lab", help="a small shop to break and to investigate live").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    up = _lab_verb(verbs, "up", "start the shop, its load, Prometheus and Alertmanager; Ctrl-C ends them")
    up.add_argument("--detach", action="store_true", help="return when it is up; `lab down` ends it")
    up.add_argument("--seed", type=int, default=0, help="of the visitors")
    broken = _lab_verb(verbs, "break", "deploy a bad commit or inject a fault, among innocent deployments")
    broken.add_argument("name", nargs="?", default="", help="a fault; `lab status` lists them")
    broken.add_argument("--patch", type=Path, help="instead: a unified diff to commit and deploy")
    broken.add_argument("--service", default="", help="with --patch: the service that runs it")
    broken.add_argument("--seed", type=int, default=0, help="decides service, order and times")
    broken.add_argument("--investigate", action="store_true", help="then wait for the alert and investigate")
    check = _lab_verb(verbs, "check", "run every fault from a clean start and report what was found")
    check.add_argument("--seed", type=int, default=0, help="decides service, order and times")
    check.add_argument("--only", nargs="+", default=[], metavar="NAME", help="only these faults")
    check.add_argument("--json", type=Path, help="write the report to this file")
    check.add_argument("--verbose", action="store_true", help="show every deployment")
    status = _lab_verb(verbs, "status", "what runs, what fires, and which faults there are")
    status.add_argument("--truth", action="store_true", help="also what was done")
    _lab_verb(verbs, "down", "end every process of the laboratory")


def _lab_verb(verbs: "Commands[argparse.ArgumentParser]", name: str, told: str) -> argparse.ArgumentParser:
    one = verbs.add_parser(name, help=told)
    one.add_argument("--home", type=Path, help="where its folder `lab` is kept (default: ROOTLINE_HOME)")
    return one
