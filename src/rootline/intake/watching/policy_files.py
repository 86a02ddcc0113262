"""Reads gating policies: the shipped ones by their version, an own one from a file."""

from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from rootline.analysis.detection.policy import Policy
from rootline.errors import Misconfigured

SHIPPED = "2026-11-5"
_LONGEST_BYTES = 100_000


def shipped_policy(version: str = SHIPPED) -> Policy:
    """Return a policy that comes with this version of Rootline."""
    folder = files("rootline.intake.watching.policies")
    known = sorted(one.name.removesuffix(".json") for one in folder.iterdir() if one.name.endswith(".json"))
    if version not in known:
        raise Misconfigured(f"There is no gating policy {version[:60]!r}. Shipped: {', '.join(known)}.")
    return parsed(folder.joinpath(f"{version}.json").read_bytes(), version)


def read_policy(file: Path) -> Policy:
    """Read a policy of one's own.

    Raises:
        Misconfigured: There is no such file, or it is no policy; names what is wrong with it.

    """
    try:
        with file.open("rb") as opened:
            text = opened.read(_LONGEST_BYTES + 1)
    except OSError as missing:
        raise Misconfigured(f"The policy {file} cannot be read: {missing.strerror}.") from missing
    if len(text) > _LONGEST_BYTES:
        raise Misconfigured(f"The policy {file} is longer than {_LONGEST_BYTES:,} bytes; a policy is a page of JSON.")
    return parsed(text, str(file))


def parsed(text: bytes, name: str) -> Policy:
    """Read a policy's JSON; raise Misconfigured that names the field that is wrong."""
    try:
        return Policy.model_validate_json(text)
    except ValidationError as bad:
        first = bad.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the text"
        raise Misconfigured(f"{name} is no gating policy: {place}: {first['msg']}. See docs/detection.md.") from bad
