"""How long a client waits from starting `rootline serve` until it has the list of tools, beside the least there can be.

    python -m benchmarks.mcp_start --rounds 5

The least is a server of the same SDK with one tool that does nothing. Both are started in turns, in the same run, and
the ratio of the medians is printed: first for a home that was used before, then with the database still running, as it
is when another client of the same person is open.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

MINIMAL = """
from mcp.server.mcpserver import MCPServer
server = MCPServer("least", log_level="ERROR")
@server.tool()
def nothing() -> str:
    return ""
server.run("stdio")
"""
ROOTLINE = (sys.executable, "-m", "rootline.cli", "serve", "--tape", "demo")
LEAST = (sys.executable, "-c", MINIMAL)
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}
ASK = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": META}}


@contextmanager
def listed(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[float]:
    """Start a server, ask for its tools, yield the seconds that took, and end it by closing its input."""
    began = time.perf_counter()
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("The pipes are missing.")
        process.stdin.write(json.dumps(ASK).encode() + b"\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        took = time.perf_counter() - began
        if not answer["result"]["tools"]:
            raise RuntimeError("No tools were listed.")
        yield took


def once(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Start, list, end."""
    with listed(command, environment) as took:
        return took


def compared(rounds: int, environment: Mapping[str, str]) -> tuple[float, float]:
    """Return the median seconds of ours and of the least, started in turns."""
    pairs = [(once(ROOTLINE, environment), once(LEAST, environment)) for _ in range(rounds)]
    return statistics.median(ours for ours, _ in pairs), statistics.median(least for _, least in pairs)


def told(how: str, ours: float, least: float) -> None:
    """Print one comparison."""
    print(f"{how:<22} rootline {ours:5.2f} s   least {least:5.2f} s   ratio {ours / least:4.2f}")


def main() -> None:
    """Measure both cases and the very first start."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rootline-") as folder:
        environment = {**os.environ, "ROOTLINE_HOME": str(Path(folder) / "home")}
        told("first start ever", once(ROOTLINE, environment), once(LEAST, environment))
        told("used before", *compared(given.rounds, environment))
        with listed(ROOTLINE, environment):
            told("database still running", *compared(given.rounds, environment))


if __name__ == "__main__":
    main()
