"""Runbooks out of a wiki's HTML export, a folder or a zip, as Confluence Data Center makes one."""

import os
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from rootline.sources.failure import SourceFailed
from rootline.sources.runbooks.html_text import LONGEST_HTML, TooNested, read_html
from rootline.sources.runbooks.markdown import read_page
from rootline.sources.runbooks.places import MOST_PAGES, Shelved
from rootline.sources.runbooks.source import Runbook

_ENDINGS = (".html", ".htm")
_PAGE_ID = re.compile(r"^(?P<words>.*?)[_-]?(?P<id>\d{4,20})$")
_METADATA = re.compile(r'class="page-metadata"[^>]{0,200}>(?P<told>.{0,2000}?)</div>', re.DOTALL)
_AUTHOR = re.compile(r"class=['\"]author['\"][^>]{0,100}>(?P<name>[^<]{1,100})<")
_EDITOR = re.compile(r"class=['\"]editor['\"][^>]{0,100}>(?P<name>[^<]{1,100})<")
MOST_ENTRIES = 20_000


def read_export(where: Path) -> Shelved:
    """Read every page of an export but its index; a zip is read in place, nothing of it is ever written.

    Raises:
        SourceFailed: The export cannot be opened.

    """
    found: list[Runbook] = []
    left_out: list[str] = []
    for file, body in _zipped(where) if where.is_file() else _filed(where):
        if len(found) == MOST_PAGES:
            left_out.append(f"{file} and what comes after it: more than {MOST_PAGES:,} pages")
            break
        page = f"longer than {LONGEST_HTML:,} bytes" if body is None else _page(file, body)
        if isinstance(page, Runbook):
            found.append(page)
        else:
            left_out.append(f"{file}: {page}")
    return Shelved(place=str(where), runbooks=tuple(_distinct(found)), left_out=tuple(left_out))


def _page(file: str, body: bytes) -> Runbook | str:
    """Make a runbook of a page, or say why there is none."""
    text = body.decode("utf-8", errors="replace")
    try:
        page = read_html(text)
    except TooNested as bad:
        return str(bad)
    if not page.markdown.strip():
        return "no words"
    space, _, title = page.title.rpartition(" : ")
    named = title or page.title or PurePosixPath(file).stem
    found = read_page(named, f"# {named}\n\n{page.markdown}", source_url=file)
    return replace(found, title=named, owner=_owner(text), tags=(space,) if space else ())


def _owner(text: str) -> str:
    """Return who changed the page last, else who made it."""
    told = _METADATA.search(text)
    found = (_EDITOR.search(told["told"]) or _AUTHOR.search(told["told"])) if told else None
    return " ".join(found["name"].split()) if found else ""


def _distinct(found: list[Runbook]) -> Iterator[Runbook]:
    """Tell pages of one title in several spaces apart by the number in their file's name."""
    count: Mapping[str, int] = {one.name: sum(other.name == one.name for other in found) for one in found}
    for one in found:
        number = _PAGE_ID.match(PurePosixPath(one.source_url).stem)
        if count[one.name] == 1:
            yield one
        else:
            yield replace(one, name=f"{one.name} ({number['id'] if number else PurePosixPath(one.source_url).stem})")


def _is_page(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith((".", "__")) for part in path.parts)
    return path.suffix.lower() in _ENDINGS and path.stem.lower() != "index" and not hidden


def _filed(folder: Path) -> Iterator[tuple[str, bytes | None]]:
    for at, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(files):
            path = Path(at) / name
            relative = path.relative_to(folder).as_posix()
            if _is_page(relative) and not path.is_symlink():
                yield relative, path.read_bytes() if path.stat().st_size <= LONGEST_HTML else None


def _zipped(file: Path) -> Iterator[tuple[str, bytes | None]]:
    """Yield pages; what a zip says of a size is not believed."""
    try:
        with zipfile.ZipFile(file) as packed:
            if len(packed.infolist()) > MOST_ENTRIES:
                raise SourceFailed(
                    str(file), f"it holds more than {MOST_ENTRIES:,} files", "Export one space at a time."
                )
            for entry in sorted(packed.infolist(), key=lambda one: one.filename):
                if not _is_page(entry.filename):
                    continue
                with packed.open(entry) as opened:
                    body = opened.read(LONGEST_HTML + 1)
                yield entry.filename, body if len(body) <= LONGEST_HTML else None
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as bad:
        raise SourceFailed(str(file), "it is no zip that can be read", "Export it again, or unpack it.") from bad
