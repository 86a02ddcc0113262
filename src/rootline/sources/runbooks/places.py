"""Where runbooks are kept: folders of Markdown, git repositories and wiki exports, as settings name them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from rootline.errors import Misconfigured
from rootline.sources.config_file import Part, config_file, listed, read_config
from rootline.sources.runbooks.source import Runbook

Kind = Literal["folder", "git", "html"]
MOST_PAGES = 2_000
"""Source: ours; pages of one place. More are left out, and that is told."""
_SCHEMES = frozenset({"https", "http", "ssh", "file"})


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place. `under` is a folder inside a repository, `ref` a branch or tag of it."""

    kind: Kind
    where: str
    under: str = ""
    ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Shelved:
    """The runbooks of a place, by name, and what was left out and why."""

    place: str
    runbooks: tuple[Runbook, ...] = ()
    left_out: tuple[str, ...] = ()


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    folder: str = ""
    git: str = ""
    html: str = ""
    under: str = ""
    ref: str = ""

    @model_validator(mode="after")
    def _is_one(self) -> "_Entry":
        if sum(bool(one) for one in (self.folder, self.git, self.html)) != 1:
            raise ValueError("name one of folder, git and html")
        if (self.under or self.ref) and not self.git:
            raise ValueError("under and ref are for git")
        return self


class _File(Part):
    runbooks: Annotated[list[_Entry], BeforeValidator(listed)] = Field(default_factory=list)


def places(variables: Mapping[str, str], folder: Path = Path()) -> tuple[Place, ...]:
    """Return the places of ROOTLINE_RUNBOOKS, else those of `runbooks:` in the file.

    Raises:
        Misconfigured: A place is none; the message says which and how one is written.

    """
    named = variables.get("ROOTLINE_RUNBOOKS", "")
    if named:
        return tuple(_told(part.strip()) for part in named.split(",") if part.strip())
    file = config_file(variables, folder)
    return _of_file(file) if file is not None else ()


def _told(part: str) -> Place:
    """Tell the kind of a place from how it is written."""
    if _is_repository(part):
        where, _, under = part.partition("#")
        return Place(kind="git", where=_checked(where), under=_inside(under))
    path = Path(part).expanduser()
    if path.suffix.lower() == ".zip" or (path / "index.html").is_file():
        return _existing("html", path)
    return _existing("folder", path)


def _is_repository(part: str) -> bool:
    bare = part.partition("#")[0]
    return "://" in bare or bare.endswith(".git") or bare.startswith("git@")


def _existing(kind: Kind, path: Path) -> Place:
    if not (path.is_dir() or (kind == "html" and path.is_file())):
        raise Misconfigured(
            f"ROOTLINE_RUNBOOKS={path} is no folder. Name folders, .zip exports or git addresses, separated by commas."
        )
    return Place(kind=kind, where=str(path))


def _of_file(file: Path) -> tuple[Place, ...]:
    return tuple(_beside(file, one) for one in read_config(file, _File, "docs/runbooks.md").runbooks)


def _beside(file: Path, entry: _Entry) -> Place:
    if entry.git:
        return Place(kind="git", where=_checked(entry.git), under=_inside(entry.under), ref=_ref(entry.ref))
    kind: Kind = "folder" if entry.folder else "html"
    path = file.parent / Path(entry.folder or entry.html).expanduser()
    if not path.exists():
        raise Misconfigured(f"{file}: runbooks: {path} does not exist.")
    return Place(kind=kind, where=str(path))


def _checked(where: str) -> str:
    """Check the address of a repository: git has transports that run programs, and options look like addresses."""
    scheme = urlsplit(where).scheme if "://" in where else ""
    known = scheme in _SCHEMES if scheme else not where.startswith("-") and "::" not in where
    if not known or not where.isprintable() or " " in where:
        raise Misconfigured(f"{where[:80]!r} is no address of a git repository. Write https://…, ssh://… or a path.")
    if scheme in {"http", "https"} and "@" in urlsplit(where).netloc:
        raise Misconfigured("The address of a git repository holds a user or a password. Use git's credential helper.")
    return where


def _inside(under: str) -> str:
    parts = [part for part in under.split("/") if part]
    if ".." in parts or not under.isprintable() or under.startswith((":", "-")):
        raise Misconfigured(f"{under[:80]!r} is no folder inside a repository.")
    return "/".join(parts)


def _ref(ref: str) -> str:
    if ref.startswith("-") or not all(char.isalnum() or char in "._/-" for char in ref):
        raise Misconfigured(f"{ref[:80]!r} is no branch or tag.")
    return ref
