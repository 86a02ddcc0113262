"""A range query of 20 series by 240 points: what a model is sent, what it can tell from that, and what it costs.

    python -m venv /tmp/peer && /tmp/peer/bin/pip install prometheus-mcp-server
    python -m benchmarks.range_query --peer /tmp/peer/bin/prometheus-mcp-server

Rootline and PyPI's prometheus-mcp-server are MCP servers on standard input and output, asked in turns about the same
Prometheus on loopback. Printed are the tokens of Rootline's `content` beside Prometheus' own JSON, how many of ten
fixed questions a program answers from `content` alone, and the CPU of each server process a call after warming up.

Tokens are counted twice, since no tokenizer of a model is at hand: four characters a token, and the pieces that the
byte-pair tokenizers of current models cut text into first (three digits, a run of letters, a run of signs).
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.fakes.observability import prometheus

from benchmarks.range_questions import answered
from benchmarks.range_shop import END, EVERY_S, POINTS, START, Dataset, dataset, exposition

TARGETS = {"tokens": 100.0, "cpu": 5.0}
PIECES = re.compile(r"[^\r\n\w]?[^\W\d_]{1,8}|\d{1,3}| ?(?:[^\s\w]|_)+[\r\n]*|\s*[\r\n]|\s+")
"""Source: OpenAI, tiktoken, the pattern of `cl100k_base`; that a run of letters is at most eight long is ours."""
HELLO = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "benchmark", "version": "0"},
}


@dataclass
class Server:
    """An MCP server as a process, asked line by line."""

    process: "subprocess.Popen[bytes]"
    asked: int = 0

    def ask(self, method: str, params: Mapping[str, object]) -> Any:
        """Send a request and wait for its answer."""
        self.asked += 1
        self._tell({"jsonrpc": "2.0", "id": self.asked, "method": method, "params": params})
        while (answer := self._heard()).get("id") != self.asked:
            pass
        return answer["result"]

    def greet(self) -> None:
        """Open the connection."""
        self.ask("initialize", HELLO)
        self._tell({"jsonrpc": "2.0", "method": "notifications/initialized", "params": {}})

    def call(self, tool: str, arguments: Mapping[str, object]) -> str:
        """Call a tool and return the text that a model is sent."""
        answer = self.ask("tools/call", {"name": tool, "arguments": arguments})
        if answer.get("isError"):
            raise RuntimeError(f"{tool}: {answer['content']}")
        return "\n".join(part.get("text") or json.dumps(part) for part in answer["content"])

    @property
    def cpu_s(self) -> float:
        """The CPU seconds of the process and its threads until now."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _tell(self, message: Mapping[str, object]) -> None:
        if self.process.stdin is None:
            raise RuntimeError("The server has no input.")
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def _heard(self) -> Any:
        if self.process.stdout is None or not (line := self.process.stdout.readline()):
            raise RuntimeError("The server is gone.")
        return json.loads(line)


@contextmanager
def serving(command: Sequence[str], folder: Path, **environment: str) -> Iterator[Server]:
    """Run a server until the block ends."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROOTLINE_")}
    with (folder / "server.log").open("ab") as log:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
        with subprocess.Popen(command, env={**kept, **environment}, cwd=folder, **pipes) as process:  # type: ignore[call-overload]
            try:
                server = Server(process)
                server.greet()
                yield server
            finally:
                process.stdin.close()
                process.wait(timeout=60)


def rootline_asked(one: Dataset, later_s: int) -> tuple[str, dict[str, object]]:
    """Ask Rootline for a dataset; a shifted window makes it a question that was not asked before."""
    shift = timedelta(seconds=later_s)
    span = {"start": (START + shift).isoformat(), "end": (END + shift).isoformat()}
    return "query_metrics", {"promql": one.metric, "limit": len(one.series), **span}


def peer_asked(one: Dataset, later_s: int) -> tuple[str, dict[str, object]]:
    """Ask prometheus-mcp-server for the same."""
    shift = timedelta(seconds=later_s)
    span = {"start": (START + shift).isoformat(), "end": (END + shift - timedelta(seconds=EVERY_S)).isoformat()}
    return "execute_range_query", {"query": one.metric, "step": f"{EVERY_S}s", **span}


def raw_json(url: str, one: Dataset) -> str:
    """Return what Prometheus itself answers."""
    span = {"start": START.timestamp(), "end": END.timestamp() - EVERY_S, "step": EVERY_S}
    query = urllib.parse.urlencode({"query": one.metric, **span})
    with urllib.request.urlopen(f"{url}/api/v1/query_range?{query}", timeout=30) as answer:  # noqa: S310 loopback
        text: str = answer.read().decode()
    points = [len(series["values"]) for series in json.loads(text)["data"]["result"]]
    if points != [POINTS] * len(one.series):
        raise RuntimeError(f"Expected {POINTS} points of each series, got {points}.")
    return text


def by_length(text: str) -> float:
    """Count four characters a token."""
    return len(text) / 4


def by_pieces(text: str) -> float:
    """Count the pieces that a byte-pair tokenizer begins with."""
    return len(PIECES.findall(text))


def cpu_a_call(
    servers: Mapping[str, tuple[Server, Callable[[Dataset, int], tuple[str, dict[str, object]]]]],
    asked: Sequence[Dataset],
    calls: int,
) -> dict[str, float]:
    """Ask all in turns; return CPU milliseconds a call, the first three of each left out."""
    spent: dict[str, list[float]] = {name: [] for name in servers}
    for at in range(calls + 3):
        for name, (server, ask) in servers.items():
            before = server.cpu_s
            server.call(*ask(asked[at % len(asked)], 60 + at))
            spent[name].append(1000 * (server.cpu_s - before))
    return {name: statistics.mean(taken[3:]) for name, taken in spent.items()}


def main() -> None:
    """Compare size, content and cost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peer", type=Path, help="the installed prometheus-mcp-server")
    parser.add_argument("--datasets", type=int, default=6)
    parser.add_argument("--calls", type=int, default=40)
    parser.add_argument("--show", action="store_true", help="print what the model is sent")
    given = parser.parse_args()
    made = [dataset(seed) for seed in range(given.datasets)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="range-")))
        url = stack.enter_context(prometheus(folder, exposition(made)))
        ours = (sys.executable, "-m", "rootline.cli", "serve")
        home = {"ROOTLINE_HOME": str(folder / "home"), "ROOTLINE_PROMETHEUS_URL": url}
        rootline = stack.enter_context(serving(ours, folder, **home))
        for one in made:
            text, raw = rootline.call(*rootline_asked(one, 0)), raw_json(url, one)
            right = answered(text, one)
            wrong = ", ".join(name for name, is_right in right.items() if not is_right)
            print(
                f"{one.metric}: raw {by_length(raw):7,.0f} / {by_pieces(raw):7,.0f} tokens  content "
                f"{by_length(text):4.0f} / {by_pieces(text):4.0f}  fewer {by_length(raw) / by_length(text):4.0f} / "
                f"{by_pieces(raw) / by_pieces(text):4.0f} times  questions {sum(right.values())}/{len(right)} {wrong}"
            )
            if given.show:
                print(text)
        servers = {"rootline": (rootline, rootline_asked)}
        if given.peer:
            peer = stack.enter_context(serving((str(given.peer),), folder, PROMETHEUS_URL=url))
            servers["prometheus-mcp-server"] = (peer, peer_asked)
        spent = cpu_a_call(servers, made, given.calls)
        print("  ".join(f"{name} {taken:.1f} ms of CPU a call" for name, taken in spent.items()))
        if given.peer:
            print(f"{spent['prometheus-mcp-server'] / spent['rootline']:.1f} times less CPU")


if __name__ == "__main__":
    main()
