"""A stranger's unified diff: read as it was written, by whichever tool, and found its place in the shop."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rootline.errors import Misconfigured

LONGEST_PATCH_BYTES = 2**20
DEEPEST = 9
MOST_NAMES = 400
_NAMED = re.compile(r"^(?:---|\+\+\+) (\S{1,400})", re.MULTILINE)
_PAIRED = re.compile(r"^diff --git (\S{1,400}) (\S{1,400})$", re.MULTILINE)
_SIGNATURE = re.compile(r"\n-- \n[\w.() -]{0,80}\s*\Z")
_OTHER_ENDS = re.compile(r"^(?:@@|diff|index|---|\+\+\+) .*\r$", re.MULTILINE)
_NOBODY = "/dev/null"


@dataclass(frozen=True, kw_only=True)
class Way:
    """How the names in a diff become paths: so many of their first folders are left off, and another is put before."""

    left_off: int = 1
    under: str = ""

    def path(self, name: str) -> str:
        """Return the path; empty where nothing of the name is left."""
        parts = [part for part in name.split("/")[self.left_off :] if part]
        return str(PurePosixPath(self.under, *parts)) if parts else ""


@dataclass(frozen=True, kw_only=True)
class Patch:
    """What is to be changed and run as a service. `names` are those of its files as the diff writes them."""

    file: Path
    service: str
    text: str
    names: tuple[str, ...]

    def way(self, root: Path) -> Way:
        """How its names are to be read so that most of them are files of the shop; as git writes them where none is.

        `root` is a folder that holds the folder `shop`.
        """
        ways = list(_ways(self.service))
        return max(ways, key=lambda way: (self._found(way, root), -ways.index(way)))

    def paths(self, way: Way) -> frozenset[str]:
        """The files that it is about."""
        return frozenset(path for name in self.names if (path := way.path(name)))

    def _found(self, way: Way, root: Path) -> int:
        return sum((root / path).is_file() for path in self.paths(way) if ".." not in path.split("/"))


def read_patch(file: Path, service: str) -> Patch:
    """Read a unified diff; raise Misconfigured when it cannot be one.

    A byte order mark, the lines that mail puts around it, another system's line ends and a missing one are no matter.
    """
    text = _SIGNATURE.sub("\n", _with_our_line_ends(_text(file)) + "\n")
    pairs = [name for pair in _PAIRED.findall(text) for name in pair]
    names = dict.fromkeys(name for name in (*pairs, *_NAMED.findall(text)) if name != _NOBODY)
    if not names:
        raise Misconfigured(f"{file} is no unified diff, as `git diff` or `diff -u` writes it.")
    return Patch(file=file, service=service, text=text, names=tuple(names)[:MOST_NAMES])


def _with_our_line_ends(text: str) -> str:
    """The text, whose line ends are ours where the diff's own lines end otherwise; those of what it writes stay."""
    return text.replace("\r\n", "\n") if _OTHER_ENDS.search(text) else text


def _ways(service: str) -> Iterator[Way]:
    """Every way, the usual ones first: from above the shop, from inside it, from inside the service's own folder."""
    for left_off in (1, 0, *range(2, DEEPEST)):
        yield Way(left_off=left_off)
    for under in ("shop", f"shop/{service}"):
        for left_off in (1, 0):
            yield Way(left_off=left_off, under=under)


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > LONGEST_PATCH_BYTES:
            raise Misconfigured(f"{file} is larger than {LONGEST_PATCH_BYTES:,} bytes.")
        content = file.read_bytes()
        wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except OSError as bad:
        raise Misconfigured(f"{file} cannot be read: {bad.strerror}.") from bad
    except UnicodeDecodeError as bad:
        raise Misconfigured(f"{file} is no text, so it is no unified diff.") from bad
    if "\0" in text:
        raise Misconfigured(f"{file} is no text, so it is no unified diff.")
    return text
