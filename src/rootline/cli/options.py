"""What several commands take alike."""

import argparse

Commands = argparse._SubParsersAction  # noqa: SLF001 argparse has no public name for it


def verbs(commands: "Commands[argparse.ArgumentParser]", name: str, told: str) -> "Commands[argparse.ArgumentParser]":
    """Add a command that is followed by a verb."""
    return commands.add_parser(name, help=told).add_subparsers(dest="verb", required=True, metavar="VERB")


def as_json(one: argparse.ArgumentParser) -> None:
    """Let a command print for scripts."""
    one.add_argument("--json", action="store_true", help="print JSON for scripts")


def taped(one: argparse.ArgumentParser, instead: str = "live sources: a folder, or `demo`") -> None:
    """Let a command ask a recording."""
    one.add_argument("--tape", default="", help=f"a recording instead of {instead}")


def speaker(one: argparse.ArgumentParser) -> None:
    """Let a command choose who asks, and who answers."""
    one.add_argument("--persona", default="", help="who asks (default: on-call-sre)")
    one.add_argument(
        "--model", default="", help="builtin, vllm:NAME, openai:NAME, anthropic:NAME (default: ROOTLINE_MODEL)"
    )


def choice(one: argparse.ArgumentParser) -> None:
    """Let a command choose among live clusters."""
    one.add_argument(
        "--cluster", action="append", default=[], metavar="NAME", help="a live cluster, or `all`; can be repeated"
    )
    one.add_argument(
        "--select", action="append", default=[], metavar="KEY=VALUE", help="only live clusters with this label"
    )
    deadline(one)


def deadline(one: argparse.ArgumentParser) -> None:
    """Let a command say how long it waits for each source."""
    one.add_argument("--deadline", type=_seconds, metavar="SECONDS", help="how long each source of a cluster may take")


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 600:  # noqa: PLR2004 ten minutes are longer than anyone waits
        raise argparse.ArgumentTypeError("give seconds above 0 and up to 600")
    return seconds
