"""What can be typed about clusters and sources."""

import argparse
from pathlib import Path

KINDS = ("prometheus", "alertmanager", "loki", "victorialogs", "jaeger", "tempo", "zipkin")
Commands = argparse._SubParsersAction  # noqa: SLF001 argparse has no public name for it


def choice(one: argparse.ArgumentParser) -> None:
    """Let a command choose among live clusters."""
    one.add_argument(
        "--cluster", action="append", default=[], metavar="NAME", help="a live cluster, or `all`; can be repeated"
    )
    one.add_argument(
        "--select", action="append", default=[], metavar="KEY=VALUE", help="only live clusters with this label"
    )
    _deadline(one)


def _deadline(one: argparse.ArgumentParser) -> None:
    one.add_argument("--deadline", type=_seconds, metavar="SECONDS", help="how long each source of a cluster may take")


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 600:  # noqa: PLR2004 ten minutes are longer than anyone waits
        raise argparse.ArgumentTypeError("give seconds above 0 and up to 600")
    return seconds


def add_fleet(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add `cluster` and `source`."""
    verbs = commands.add_parser("cluster", help="register the clusters that can be asked").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    _add(verbs)
    for verb, told in (("show", "one cluster, and how its sources do"), ("remove", "forget a cluster")):
        one = verbs.add_parser(verb, help=told)
        one.add_argument("name", help="the cluster's name")
        _json(one)
    _json(verbs.add_parser("list", help="every registered cluster"))
    check = verbs.add_parser("check", help="ask each source what it is and what it holds")
    check.add_argument("name", nargs="*", help="clusters (default: all that are registered)")
    _deadline(check)
    _json(check)
    _json(verbs.add_parser("rotate-key", help="seal every stored credential anew with a fresh key"))
    _source(commands)


def _add(verbs: "Commands[argparse.ArgumentParser]") -> None:
    one = verbs.add_parser("add", help="register a cluster")
    one.add_argument("name", help="lower case letters, digits and dashes, 3 to 63 of them")
    for kind in KINDS:
        one.add_argument(f"--{kind}", default="", metavar="URL", help=f"the address of its {kind}")
    one.add_argument("--label", action="append", default=[], metavar="KEY=VALUE", help="can be repeated")
    one.add_argument("--region", default="", help="where it is")
    one.add_argument("--environment", default="development", help="production, staging, development or lab")
    one.add_argument("--platform", default="kubernetes", help="openshift, kubernetes or microshift")
    one.add_argument("--type", default="spoke", help="hub, spoke, edge or far_edge")
    one.add_argument("--display-name", default="", help="how people call it")
    one.add_argument("--service-label", default="", help="the label that names a service")
    one.add_argument("--tenant", default="", help="sent to each source as X-Scope-OrgID")
    one.add_argument("--ca-file", default="", help="certificates to trust besides the system's")
    one.add_argument("--git", action="append", default=[], metavar="FOLDER", help="a local clone; can be repeated")
    one.add_argument("--kubeconfig", type=Path, help="read Kubernetes with this file")
    one.add_argument("--kube-context", default="", help="the context in it")
    one.add_argument(
        "--token-env", action="append", default=[], metavar="[KIND=]VARIABLE", help="the token's variable; repeatable"
    )
    one.add_argument("--token-stdin", action="store_true", help="read the token of every source from standard input")
    _deadline(one)
    _json(one)


def _source(commands: "Commands[argparse.ArgumentParser]") -> None:
    verbs = commands.add_parser("source", help="see how every source does").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    _json(verbs.add_parser("list", help="every configured source: last success, last error, failures in a row"))
    health = verbs.add_parser("health", help="the sources that are not well; exits with 3 when there is one")
    _json(health)


def _json(one: argparse.ArgumentParser) -> None:
    one.add_argument("--json", action="store_true", help="print JSON for scripts")
