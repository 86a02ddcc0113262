"""Files that may be packed: `name` itself if it is there, else `name.zst`, `name.gz` or `name.xz`."""

import gzip
import json
import lzma
import shutil
import subprocess
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rootline.errors import BadTape, Misconfigured

LARGEST_BYTES = 512_000_000
ENDINGS = ("", ".zst", ".gz", ".xz")


def packed(folder: Path, name: str) -> Path | None:
    """Return the file of that name, packed or not; None where there is none."""
    return next((file for ending in ENDINGS if (file := folder / f"{name}{ending}").is_file()), None)


def unpack(file: Path) -> bytes:
    """Return the file's content, unpacked by its ending.

    Raises Misconfigured where nothing can read zstd, BadTape where the file is broken or too large.
    """
    readers: Mapping[str, Callable[[Path], bytes]] = {".gz": _gzip, ".xz": _xz, ".zst": _zstd}
    try:
        content = readers.get(file.suffix, Path.read_bytes)(file)
    except (OSError, EOFError, lzma.LZMAError, zlib.error, subprocess.SubprocessError) as bad:
        raise BadTape(f"{file} cannot be unpacked: {bad}.") from bad
    if len(content) > LARGEST_BYTES:
        raise BadTape(f"{file} holds more than {LARGEST_BYTES:,} bytes.")
    return content


def lines(file: Path) -> Iterator[str]:
    """Yield the lines that are not empty."""
    text = unpack(file).decode("utf-8", errors="replace")
    yield from (line for line in text.split("\n") if line.strip())


def objects(file: Path) -> Sequence[Mapping[str, Any]]:
    """Return one object a line."""
    try:
        found = [json.loads(line) for line in lines(file)]
    except (ValueError, RecursionError) as bad:
        raise BadTape(f"{file} must hold one JSON object a line: {bad}.") from bad
    if not all(isinstance(one, dict) for one in found):
        raise BadTape(f"{file} must hold one JSON object a line.")
    return found


def _gzip(file: Path) -> bytes:
    with gzip.open(file) as stream:
        return stream.read(LARGEST_BYTES + 1)


def _xz(file: Path) -> bytes:
    with lzma.open(file) as stream:
        return stream.read(LARGEST_BYTES + 1)


def _zstd(file: Path) -> bytes:
    if find_spec("zstandard"):
        with import_module("zstandard").open(file, "rb") as stream:
            content: bytes = stream.read(LARGEST_BYTES + 1)
            return content
    program = shutil.which("zstd")
    if program is None:
        raise Misconfigured(
            f"{file} is packed with zstd. Install the Python package zstandard or the program zstd, or unpack it."
        )
    return subprocess.run([program, "-dcq", str(file)], check=True, capture_output=True, timeout=300).stdout  # noqa: S603
