"""GitHub's REST API as far as its documentation says and it is used here, over a real repository of a test."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from subprocess import CalledProcessError
from typing import Any
from urllib.parse import urlencode

from tests.fakes.clone import EPOCH, Clone
from tests.fakes.wire import Asked, Said, answering, said

from rootline.domain.window import rfc3339
from rootline.sources.github.access import GithubAccess, github_access

OWNER, NAME = "acme", "checkout"
ROOT = f"/repos/{OWNER}/{NAME}"
LETTERS = {"A": "added", "M": "modified", "D": "removed", "R": "renamed"}


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """A deployment with its statuses, oldest first: state and time."""

    sha: str
    ref: str
    at: datetime
    statuses: tuple[tuple[str, datetime], ...] = ()
    environment: str = "production"
    payload: Any = field(default_factory=dict)


@dataclass(kw_only=True)
class Github:
    """Answers as one server with one repository; `asked` is what was asked of it, `refuse` may answer instead."""

    clone: Clone
    shipments: list[Shipment] = field(default_factory=list)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    refuse: Callable[[Asked], Said | None] = lambda _: None
    page: int = 100
    hidden: int = 0
    name: str = NAME
    asked: list[Asked] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)

    def answer(self, asked: Asked) -> Said:
        self.asked.append(asked)
        told = self.refuse(asked) or self._told(asked)
        self.answered.append(told.status)
        return told

    def git(self, *arguments: str) -> str:
        return self.clone.git(*arguments, at=EPOCH)

    def _told(self, asked: Asked) -> Said:
        root = f"/repos/{OWNER}/{self.name}"
        if asked.path == root:
            held = {"id": 186853002, "full_name": f"{OWNER}/{self.name}", "default_branch": "main", "private": True}
            return self._json(asked, held)
        if not asked.path.startswith(f"{root}/"):
            return said(json.dumps({"message": "Not Found", "documentation_url": "…"}), 404)
        return self._listing(asked) or self._one(asked) or said(json.dumps({"message": "Not Found"}), 404)

    def _listing(self, asked: Asked) -> Said | None:
        match asked.path.split("/")[4:]:
            case ["commits"]:
                return self._listed(asked, [self._head(sha) for sha in self._log(asked.query)])
            case ["deployments"]:
                rows = [self._deployment(at, one) for at, one in enumerate(self.shipments)]
                return self._listed(asked, rows[::-1])
            case ["deployments", number, "statuses"]:
                return self._listed(asked, self._statuses(int(number) - 1)[::-1])
            case ["pulls"]:
                return self._listed(asked, self.pulls)
        return None

    def _one(self, asked: Asked) -> Said | None:
        match asked.path.split("/")[4:]:
            case ["commits", sha]:
                return self._json(asked, {**self._head(sha), "files": self._files(sha)})
            case ["git", "commits", sha]:
                return self._json(asked, self._head(sha)["commit"] | {"sha": sha})
            case ["compare", span]:
                return self._compared(asked, *span.split("..."))
            case ["contents", *path]:
                return self._content(asked, "/".join(path))
        return None

    def _log(self, query: Mapping[str, str]) -> list[str]:
        bounds = [f"--{key}={query[key]}" for key in ("since", "until") if key in query]
        return self.git("log", "--topo-order", "--format=%H", *bounds, query.get("sha", "HEAD"), "--").split()

    def _head(self, sha: str) -> dict[str, Any]:
        form = "%H%x00%an%x00%ae%x00%aI%x00%cI%x00%P%x00%B"
        full, name, mail, written, committed, parents, message = self.git("show", "-s", f"--format={form}", sha).split(
            "\0"
        )
        return {
            "sha": full,
            "node_id": "C_kwDO",
            "commit": {
                "author": {"name": name, "email": mail, "date": written},
                "committer": {"name": name, "email": mail, "date": committed},
                "message": message.strip(),
                "tree": {"sha": full},
            },
            "author": None,
            "committer": None,
            "parents": [{"sha": one} for one in parents.split()],
        }

    def _files(self, sha: str) -> list[dict[str, Any]]:
        rows = self.git("show", "--format=", "--name-status", "--find-renames", sha).splitlines()
        return [self._file(sha, *row.split("\t")) for row in rows]

    def _file(self, sha: str, letter: str, *names: str) -> dict[str, Any]:
        shown = self.git("show", "--format=", "--find-renames", sha, "--", *names)
        start = shown.find("\n@@")
        patch = {"patch": shown[start + 1 :]} if start >= 0 else {}
        before = {"previous_filename": names[0]} if len(names) > 1 else {}
        return {"sha": sha, "filename": names[-1], "status": LETTERS[letter[0]], "changes": 2, **before, **patch}

    def _content(self, asked: Asked, path: str) -> Said | None:
        file = self.clone.folder / path
        if not file.is_file():
            return None
        content = base64.encodebytes(file.read_bytes()).decode()
        return self._json(asked, {"type": "file", "encoding": "base64", "path": path, "content": content})

    def _compared(self, asked: Asked, base: str, head: str) -> Said:
        try:
            ahead = self.git("rev-list", "--topo-order", "--reverse", f"{base}..{head}", "--").split()
            behind = self.git("rev-list", f"{head}..{base}", "--").split()
        except CalledProcessError:
            return said(json.dumps({"message": "Not Found"}), 404)
        status = {(True, True): "diverged", (True, False): "ahead", (False, True): "behind"}
        held = {
            "status": status.get((bool(ahead), bool(behind)), "identical"),
            "ahead_by": len(ahead) + self.hidden,
            "behind_by": len(behind),
            "total_commits": len(ahead) + self.hidden,
        }
        number, size = int(asked.query.get("page", "1")), min(self.page, int(asked.query["per_page"]))
        part = ahead[(number - 1) * size : number * size]
        return self._json(
            asked,
            {**held, "commits": [self._head(sha) for sha in part], "files": []},
            self._link(asked, number, more=number * size < len(ahead)),
        )

    def _deployment(self, at: int, one: Shipment) -> dict[str, Any]:
        return {
            "id": at + 1,
            "sha": one.sha,
            "ref": one.ref,
            "task": "deploy",
            "payload": one.payload,
            "environment": one.environment,
            "original_environment": one.environment,
            "description": None,
            "creator": {"login": "ada", "id": 1},
            "created_at": rfc3339(one.at),
            "updated_at": rfc3339(one.at),
            "transient_environment": False,
            "production_environment": one.environment == "production",
        }

    def _statuses(self, at: int) -> list[dict[str, Any]]:
        return [
            {"id": number, "state": state, "created_at": rfc3339(when), "environment": self.shipments[at].environment}
            for number, (state, when) in enumerate(self.shipments[at].statuses)
        ]

    def _listed(self, asked: Asked, rows: list[dict[str, Any]]) -> Said:
        number, size = int(asked.query.get("page", "1")), min(self.page, int(asked.query.get("per_page", "30")))
        part = rows[(number - 1) * size : number * size]
        return self._json(asked, part, self._link(asked, number, more=number * size < len(rows)))

    def _link(self, asked: Asked, number: int, *, more: bool) -> dict[str, str]:
        query = urlencode({**asked.query, "page": str(number + 1)})
        url = f"http://{asked.headers['host']}{asked.path}?{query}"
        return {"link": f'<{url}>; rel="next", <{url}>; rel="last"'} if more else {}

    def _json(self, asked: Asked, held: object, headers: Mapping[str, str] | None = None) -> Said:
        body = json.dumps(held)
        etag = f'W/"{hashlib.sha256(body.encode()).hexdigest()}"'
        own = {"etag": etag, "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4999", **(headers or {})}
        is_known = asked.headers.get("if-none-match") == etag
        told = said("", 304) if is_known else said(body, content_type="application/json; charset=utf-8")
        return replace(told, headers={**told.headers, **own})


@contextmanager
def served(one: Github) -> Iterator[str]:
    """Serve it until the block ends; yield the address of its API."""
    with answering(one.answer) as url:
        yield url


def github(url: str, *, token: str = "given", environments: str = "") -> GithubAccess:  # noqa: S107
    """Access to the one repository that it has."""
    setting = "ROOTLINE_GITHUB_REPOSITORY"
    return github_access(f"{OWNER}/{NAME}", setting=setting, url=url, token=token, environments=environments)
