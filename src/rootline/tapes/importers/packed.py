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


def unpack(file: Path, most: int = LARGEST_BYTES) -> bytes:
    """Return the file's content of at most so many bytes, unpacked by its ending; no more than that is ever held.

    Raises Misconfigured where nothing can read zstd, BadTape where the file is broken or too large.
    """
    readers: Mapping[str, Callable[[Path, int], bytes]] = {".gz": _gzip, ".xz": _xz, ".zst": _zstd}
    try:
        content = readers.get(file.suffix, _plain)(file, most)
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as bad:
        raise BadTape(f"{file} cannot be unpacked: {bad}.") from bad
    if len(content) > most:
        raise BadTape(f"{file} holds more than {most:,} bytes.")
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


def _plain(file: Path, most: int) -> bytes:
    with file.open("rb") as stream:
        return stream.read(most + 1)


def _gzip(file: Path, most: int) -> bytes:
    with gzip.open(file) as stream:
        return stream.read(most + 1)


def _xz(file: Path, most: int) -> bytes:
    with lzma.open(file) as stream:
        return stream.read(most + 1)


def _zstd(file: Path, most: int) -> bytes:
    if find_spec("zstandard"):
        return _by_library(file, most)
    program = shutil.which("zstd")
    if program is None:
        raise Misconfigured(
            f"{file} is packed with zstd. Install the Python package zstandard or the program zstd, or unpack it."
        )
    return _by_program(program, file, most)


def _by_library(file: Path, most: int) -> bytes:
    zstandard = import_module("zstandard")
    try:
        with zstandard.open(file, "rb") as stream:
            content: bytes = stream.read(most + 1)
            return content
    except zstandard.ZstdError as bad:
        raise BadTape(f"{file} cannot be unpacked: {bad}.") from bad


def _by_program(program: str, file: Path, most: int) -> bytes:
    """Read no more of what the program writes than may be kept, and end it then."""
    with subprocess.Popen([program, "-dcq", str(file)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as packed:  # noqa: S603
        content = packed.stdout.read(most + 1) if packed.stdout else b""
        if len(content) > most:
            packed.kill()
    if packed.returncode and len(content) <= most:
        raise BadTape(f"{file} cannot be unpacked: it is no whole zstd file.")
    return content
