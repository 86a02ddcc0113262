"""Runs a suite in a test as the command line does, and reads back what it wrote."""

import json
from argparse import Namespace
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from rootline.evals.run import run_suite
from rootline.opening import memory_desk
from rootline.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a run left behind. `scores` is None where nothing was scored."""

    code: int
    lines: list[dict[str, Any]]
    scores: dict[str, Any] | None
    progress: str

    def value(self, name: str) -> float:
        assert self.scores is not None
        return float(self.scores["scores"][name]["value"])


async def ran(suite: str, data: Path, out: Path, **changes: object) -> Ran:
    out.mkdir(exist_ok=True)
    files = {"predictions": out / "p.jsonl", "json": out / "s.json", "junit": out / "j.xml", "html": out / "r.html"}
    (out / "s.json").unlink(missing_ok=True)
    given: dict[str, object] = {
        "suite": suite,
        "data": data,
        "threshold": [],
        "rename": None,
        "limit": None,
        "compare": None,
        **files,
    }
    progress = StringIO()
    code = await run_suite(
        Namespace(**{**given, **changes}), memory_desk(Settings(home=Path("unused"))).solve, progress=progress
    )
    return Ran(
        code=code,
        lines=[json.loads(line) for line in (out / "p.jsonl").read_text().splitlines()],
        scores=json.loads((out / "s.json").read_text()) if (out / "s.json").exists() else None,
        progress=progress.getvalue(),
    )


def without_time(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in line.items() if name != "cpu_s"} for line in lines]


def write_lines(file: Path, rows: list[dict[str, Any]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
