"""What can be typed about clusters and sources."""

import argparse
from pathlib import Path

from rootline.cli.options import Commands, as_json, deadline, verbs

KINDS = ("prometheus", "alertmanager", "loki", "victorialogs", "jaeger", "tempo", "zipkin")


def add_fleet(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add `cluster` and `source`."""
    added = verbs(commands, "cluster", "register the clusters that can be asked")
    _add(added)
    for verb, told in (("show", "one cluster, and how its sources do"), ("remove", "forget a cluster")):
        one = added.add_parser(verb, help=told)
        one.add_argument("name", help="the cluster's name")
        as_json(one)
    as_json(added.add_parser("list", help="every registered cluster"))
    check = added.add_parser("check", help="ask each source what it is and what it holds")
    check.add_argument("name", nargs="*", help="clusters (default: all that are registered)")
    deadline(check)
    as_json(check)
    as_json(added.add_parser("rotate-key", help="seal every stored credential anew with a fresh key"))
    _source(commands)


def _add(added: "Commands[argparse.ArgumentParser]") -> None:
    one = added.add_parser("add", help="register a cluster")
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
    one.add_argument("--sent", action="store_true", help="it needs no source: what it sends is what is known of it")
    deadline(one)
    as_json(one)


def _source(commands: "Commands[argparse.ArgumentParser]") -> None:
    added = verbs(commands, "source", "see how every source does")
    as_json(added.add_parser("list", help="every configured source: last success, last error, failures in a row"))
    health = added.add_parser("health", help="the sources that are not well; exits with 3 when there is one")
    as_json(health)
