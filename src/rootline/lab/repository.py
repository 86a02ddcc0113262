"""The shop's git repository: what is committed here is what the services run."""

import io
import os
import shutil
import subprocess
import tarfile
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from rootline.errors import Misconfigured
from rootline.lab.patch import Patch

AGE = timedelta(days=30)
"""Source: ours; longer than changes are looked for, so that what was there from the beginning is no suspect."""
_LONGEST_S = 60
_IDENTITY = ("-c", "user.name=shop", "-c", "user.email=shop@example.invalid", "-c", "commit.gpgsign=false")


class Repository:
    """Commits, tags and checkouts. A deployment is an annotated tag `deploy/SERVICE/vN`, with its own time."""

    def __init__(self, folder: Path, git: str) -> None:
        self.folder, self._git = folder, git

    def create(self) -> str:
        """Begin the history with the shop as it ships, a month ago; return the commit."""
        self.folder.mkdir(parents=True)
        source = Path(str(files("rootline.lab") / "shop"))
        shutil.copytree(source, self.folder / "shop", ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        self._run("init", "--quiet", "--initial-branch=main")
        return self.commit("Begin", author="shop", at=datetime.now(tz=UTC) - AGE)

    def commit(self, message: str, *, author: str, at: datetime | None = None) -> str:
        """Commit everything that changed in the working tree; return the commit."""
        self._run("add", "--all")
        self._run("commit", "--quiet", f"--author={author} <{author}@example.invalid>", "-m", message, at=at)
        return self.head()

    def head(self) -> str:
        """Return the newest commit."""
        return self._run("rev-parse", "HEAD").strip()

    def tag(self, service: str, version: int, commit: str, at: datetime | None = None) -> None:
        """Record that a commit was deployed as a service, now or at another time."""
        self._run("tag", "--annotate", "-m", f"{service} v{version}", f"deploy/{service}/v{version}", commit, at=at)

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
        if not only_look and not self._run("status", "--porcelain").strip():
            raise Misconfigured(f"{patch.file} changes nothing.")

    def changed(self) -> tuple[str, ...]:
        """Return the files that differ from the last commit."""
        lines = self._run("status", "--porcelain", "--untracked-files=all").splitlines()
        return tuple(line[3:].strip('"') for line in lines)

    def undo(self) -> None:
        """Forget what was not committed."""
        self._run("reset", "--quiet", "--hard")
        self._run("clean", "--quiet", "-fd")

    def checkout(self, commit: str, folder: Path) -> None:
        """Write the files of a commit into a new folder; a link, which may point elsewhere, is left out."""
        command = [self._git, "-C", str(self.folder), "archive", "--format=tar", commit]
        done = subprocess.run(command, capture_output=True, check=True, timeout=_LONGEST_S)  # noqa: S603 our own git
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
            self._run(*words, given=text)
        except Misconfigured as bad:
            try:
                self._run(*words, "--recount", given=text.rstrip("\n") + "\n")
            except Misconfigured:
                raise bad from None

    def _run(self, *words: str, at: datetime | None = None, given: str = "") -> str:
        own = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        environment = {**own, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
        if at is not None:
            environment |= {"GIT_COMMITTER_DATE": at.isoformat(), "GIT_AUTHOR_DATE": at.isoformat()}
        done = subprocess.run(  # noqa: S603 our own git
            [self._git, "-C", str(self.folder), *_IDENTITY, *words],
            env=environment,
            input=given.encode(),
            capture_output=True,
            check=False,
            timeout=_LONGEST_S,
        )
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip()[:600]
            raise Misconfigured(f"git {words[0]} says: {said or done.returncode}.")
        return done.stdout.decode(errors="replace")
