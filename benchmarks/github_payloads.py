"""How many of GitHub's published example payloads the webhook's reader accepts.

The payloads are those of the npm package `@octokit/webhooks-examples` (MIT); they are fetched by `npm pack`, or read
from a folder into which it was unpacked, and are no part of this repository.

    python benchmarks/github_payloads.py [FOLDER]
"""

import json
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from rootline.errors import RootlineError
from rootline.intake.github import hear, read

PACKAGE = "@octokit/webhooks-examples"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def fetched(folder: Path) -> Path:
    """Fetch the package into a folder and return where its files are."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", PACKAGE],  # noqa: S607 whichever npm there is
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    with tarfile.open(folder / packed.stdout.strip().splitlines()[-1]) as archive:
        for member in archive:
            event = PurePosixPath(member.name).parent.name
            if (held := archive.extractfile(member)) is not None and member.name == f"package/{event}/index.json":
                (folder / event).mkdir()
                (folder / event / "index.json").write_bytes(held.read())
    return folder


def count(folder: Path) -> tuple[Counter[str], list[str]]:
    """Read every payload; return how many came to what, and what was refused."""
    outcomes: Counter[str] = Counter()
    refused: list[str] = []
    for file in sorted(folder.glob("*/index.json")):
        for group in json.loads(file.read_text(encoding="utf-8")):
            for at, body in enumerate(group["examples"]):
                headers = {"x-github-event": group["name"], "x-github-delivery": f"{file.parent.name}-{at}"}
                try:
                    heard, told = hear(headers, body, NOW), read(headers, body, NOW)
                except RootlineError as bad:
                    refused.append(f"{file.parent.name} {group['name']} {at}: {bad}")
                else:
                    what = "changes" if told.changes else "no change"
                    outcomes[f"{what}: {heard.event}" if what == "changes" else what] += 1
    return outcomes, refused


def main() -> int:
    """Print the counts; 1 when a payload was refused."""
    with tempfile.TemporaryDirectory() as made:
        outcomes, refused = count(Path(sys.argv[1]) if len(sys.argv) > 1 else fetched(Path(made)))
    for what, many in sorted(outcomes.items()):
        print(f"{many:5} {what}")
    print(*refused, sep="\n")
    total = sum(outcomes.values())
    print(f"{total} of {total + len(refused)} payloads accepted")
    return 1 if refused or not total else 0


if __name__ == "__main__":
    sys.exit(main())
