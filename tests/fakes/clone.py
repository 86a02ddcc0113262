"""A real git repository made by a test."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from tests.fakes.observability import needs

from rootline.domain.window import rfc3339

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class Clone:
    """A repository made by a test, with its own clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "-q", "-b", "main", at=EPOCH)

    def git(self, *arguments: str, at: datetime) -> str:
        own = {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": rfc3339(at),
            "GIT_COMMITTER_DATE": rfc3339(at),
            **{f"GIT_{who}_{what}": f"ada@{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        command = [needs("git"), "-C", str(self.folder), *arguments]
        return subprocess.run(
            command, check=True, capture_output=True, text=True, env={**os.environ, **own}
        ).stdout.strip()

    def commit(self, name: str, text: str, message: str, at: datetime) -> str:
        (self.folder / name).write_text(text)
        self.git("add", name, at=at)
        self.git("commit", "-q", "-m", message, at=at)
        return self.git("rev-parse", "HEAD", at=at)
