"""Runbooks in a folder of Markdown, and in the folders below it."""

import os
from collections.abc import Iterator
from pathlib import Path

from rootline.sources.runbooks.markdown import LONGEST_PAGE, read_page
from rootline.sources.runbooks.places import MOST_PAGES, Shelved
from rootline.sources.runbooks.source import Runbook

ENDINGS = (".md", ".markdown")


def read_folder(folder: Path) -> Shelved:
    """Read every page, by name: its path without the ending. What cannot be read is left out, and told."""
    found: list[Runbook] = []
    left_out: list[str] = []
    for file in _pages(folder):
        name = file.relative_to(folder).with_suffix("").as_posix()
        if len(found) == MOST_PAGES:
            left_out.append(f"{name} and what comes after it: more than {MOST_PAGES:,} pages")
            break
        text = _text(file)
        if isinstance(text, str):
            found.append(read_page(name, text))
        else:
            left_out.append(f"{name}: {text[0]}")
    return Shelved(place=str(folder), runbooks=tuple(found), left_out=tuple(left_out))


def _pages(folder: Path) -> Iterator[Path]:
    """Yield Markdown files in order, those that a link leads to inside of the folder too; hidden folders are not read.

    Source: kubernetes.io, "ConfigMaps", whose mounted files are links into a hidden folder beside them.
    """
    inside = folder.resolve()
    for at, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for file in sorted(files):
            path = Path(at) / file
            if file.lower().endswith(ENDINGS) and (not path.is_symlink() or _leads_inside(path, inside)):
                yield path


def _leads_inside(link: Path, folder: Path) -> bool:
    try:
        where = link.resolve(strict=True)
    except (OSError, RuntimeError):  # it leads nowhere, or to itself
        return False
    return where.is_relative_to(folder) and where.is_file()


def _text(file: Path) -> str | tuple[str]:
    """Return the words of a file, or why there are none."""
    try:
        if file.stat().st_size > LONGEST_PAGE:
            return (f"longer than {LONGEST_PAGE:,} bytes",)
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return ("no UTF-8 text",)
    except OSError as bad:
        return (bad.strerror or "it cannot be read",)
