"""What a command says on standard output: lines for people, JSON for scripts."""

import json


def say(*lines: str) -> None:
    """Print lines at once. Half of a surrogate pair, which no terminal takes, is spelled out."""
    if lines:
        print("\n".join(lines).encode(errors="backslashreplace").decode(), flush=True)  # noqa: T201 the command line prints


def say_json(value: object) -> None:
    """Print what a script reads."""
    say(json.dumps(value, indent=2, ensure_ascii=False))
