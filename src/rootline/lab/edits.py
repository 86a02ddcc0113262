"""A change to one file of the shop, as old words and new ones."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Edit:
    """In `file` (beside the shop's root) the only place that reads `old` becomes `new`."""

    file: str
    old: str
    new: str

    def fits(self, root: Path) -> bool:
        """Whether the file reads so now, in one place."""
        file = root / self.file
        return file.is_file() and file.read_text(encoding="utf-8").count(self.old) == 1

    def apply(self, root: Path) -> None:
        """Change the file; it must fit."""
        file = root / self.file
        file.write_text(file.read_text(encoding="utf-8").replace(self.old, self.new), encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class Work:
    """What somebody commits and deploys: edits with a message that says no more than people say."""

    service: str
    message: str
    edits: tuple[Edit, ...]

    def fits(self, root: Path) -> bool:
        """Whether all edits can be made."""
        return all(one.fits(root) for one in self.edits)

    def apply(self, root: Path) -> None:
        """Make all edits."""
        for one in self.edits:
            one.apply(root)


def work(service: str, message: str, *edits: tuple[str, str, str]) -> Work:
    """Write one down: each edit is a file in the service's folder (or `lib/...`), old words, new words."""
    return Work(
        service=service,
        message=message,
        edits=tuple(Edit(file=_path(service, file), old=old, new=new) for file, old, new in edits),
    )


def _path(service: str, file: str) -> str:
    return f"shop/{file}" if "/" in file else f"shop/{service}/{file}"
