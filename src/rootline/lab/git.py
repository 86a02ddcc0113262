"""Runs git in one folder: nobody's configuration but ours, and an author by a first name."""

import os
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rootline.errors import Misconfigured

LONGEST_S = 60
_IDENTITY = ("-c", "user.name=shop", "-c", "user.email=shop@example.invalid", "-c", "commit.gpgsign=false")


@dataclass(frozen=True)
class Git:
    """A repository in `folder`, and the program that knows it."""

    folder: Path
    program: str

    def begin(self) -> None:
        """Make the folder a repository without a commit."""
        self.run("init", "--quiet", "--initial-branch=main")

    def commit(self, message: str, *, author: str, at: datetime | None = None) -> str:
        """Commit everything that changed in the working tree, now or at another time; return the commit."""
        self.run("add", "--all")
        self.run("commit", "--quiet", f"--author={author} <{author}@example.invalid>", "-m", message, at=at)
        return self.run("rev-parse", "HEAD").strip()

    def run(self, *words: str, at: datetime | None = None, given: str = "") -> str:
        """Run a command of git and return what it prints; raise Misconfigured with its reason."""
        own = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        environment = {**own, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
        if at is not None:
            environment |= {"GIT_COMMITTER_DATE": at.isoformat(), "GIT_AUTHOR_DATE": at.isoformat()}
        done = subprocess.run(  # noqa: S603 our own git
            [self.program, "-C", str(self.folder), *_IDENTITY, *words],
            env=environment,
            input=given.encode(),
            capture_output=True,
            check=False,
            timeout=LONGEST_S,
        )
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip()[:600]
            raise Misconfigured(f"git {words[0]} says: {said or done.returncode}.")
        return done.stdout.decode(errors="replace")
