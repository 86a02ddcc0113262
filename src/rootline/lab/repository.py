"""The shop's git repository: what is committed here is what the services run."""

import io
import shutil
import subprocess
import tarfile
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from rootline.errors import Misconfigured
from rootline.lab.git import LONGEST_S, Git
from rootline.lab.patch import Patch

AGE = timedelta(days=30)
"""Source: ours; longer than changes are looked for, so that what was there from the beginning is no suspect."""


class Repository:
    """Commits, tags and checkouts. A deployment is an annotated tag `deploy/SERVICE/vN`, with its own time."""

    def __init__(self, folder: Path, git: str) -> None:
        self.folder, self._git = folder, Git(folder, git)

    def create(self) -> str:
        """Begin the history with the shop as it ships, a month ago; return the commit."""
        self.folder.mkdir(parents=True)
        source = Path(str(files("rootline.lab") / "shop"))
        shutil.copytree(source, self.folder / "shop", ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        self._git.begin()
        return self.commit("Begin", author="shop", at=datetime.now(tz=UTC) - AGE)

    def commit(self, message: str, *, author: str, at: datetime | None = None) -> str:
        """Commit everything that changed in the working tree; return the commit."""
        return self._git.commit(message, author=author, at=at)

    def head(self) -> str:
        """Return the newest commit."""
        return self._git.run("rev-parse", "HEAD").strip()

    def tag(self, service: str, version: int, commit: str, at: datetime | None = None) -> None:
        """Record that a commit was deployed as a service, now or at another time."""
        self._git.run("tag", "--annotate", "-m", f"{service} v{version}", f"deploy/{service}/v{version}", commit, at=at)

    def apply(self, patch: Patch, *, only_look: bool = False) -> None:
        """Apply a unified diff to the working tree, wholly or not at all; raise Misconfigured with git's reason.

        A diff with other line ends or with miscounted lines is applied, too. With `only_look` nothing is changed.
        """
        way = patch.way(self.folder)
        place = [f"-p{way.left_off}", *([f"--directory={way.under}"] if way.under else [])]
        words = ("apply", "--whitespace=nowarn", *place, *(["--check"] if only_look else []))
        try:
            self._apply(words, patch.text)
        except Misconfigured as bad:
            raise Misconfigured(
                f"{patch.file} does not apply to the shop as it is now: {bad} Make it against {self.folder}, with "
                "paths such as a/shop/payment/app.py."
            ) from bad
        if not only_look and not self._git.run("status", "--porcelain").strip():
            raise Misconfigured(f"{patch.file} changes nothing.")

    def changed(self) -> tuple[str, ...]:
        """Return the files that differ from the last commit."""
        lines = self._git.run("status", "--porcelain", "--untracked-files=all").splitlines()
        return tuple(line[3:].strip('"') for line in lines)

    def undo(self) -> None:
        """Forget what was not committed."""
        self._git.run("reset", "--quiet", "--hard")
        self._git.run("clean", "--quiet", "-fd")

    def checkout(self, commit: str, folder: Path) -> None:
        """Write the files of a commit into a new folder; a link, which may point elsewhere, is left out."""
        command = [self._git.program, "-C", str(self.folder), "archive", "--format=tar", commit]
        done = subprocess.run(command, capture_output=True, check=True, timeout=LONGEST_S)  # noqa: S603 our own git
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as packed:
            for member in packed:
                content = packed.extractfile(member) if member.isfile() else None
                if content is not None:
                    place = folder / member.name
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(content.read())

    def _apply(self, words: tuple[str, ...], text: str) -> None:
        """Apply as git reads it, else with the lines of each piece counted anew: who writes by hand miscounts."""
        try:
            self._git.run(*words, given=text)
        except Misconfigured as bad:
            try:
                self._git.run(*words, "--recount", given=text.rstrip("\n") + "\n")
            except Misconfigured:
                raise bad from None
