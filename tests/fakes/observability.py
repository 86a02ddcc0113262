"""Real Prometheus, Alertmanager and VictoriaMetrics, started by the tests that need them."""

import shutil
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from rootline.domain.signal import Series

HOW = "docs/sources.md says how to get it"
READY = {
    "prometheus": "Server is ready to receive web requests",
    "prometheus-alertmanager": "Listening on",
    "victoria-metrics": "started VictoriaMetrics in",
}


def needs(binary: str) -> str:
    """Return where a program is, or skip the test and say how to get it."""
    found = shutil.which(binary)
    if found is None:
        pytest.skip(f"{binary} is not installed; {HOW}")
    return found


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def running(binary: str, arguments: Sequence[str], folder: Path) -> Iterator[None]:
    """Run a server until the block ends; it has said that it is ready when the block begins."""
    command = [needs(binary), *arguments]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            _wait_for(READY[binary], server.stderr)
            threading.Thread(target=server.stderr.read, daemon=True).start()
            yield
        finally:
            server.kill()


def _wait_for(words: str, log: IO[str]) -> None:
    said = []
    for line in log:
        said.append(line)
        if words in line:
            return
    raise AssertionError("it ended before it was ready: " + "".join(said)[-2000:])


def _wait_for_port(port: int) -> None:
    for _ in range(1000):
        with socket.socket() as knocking:
            if knocking.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.01)
    raise AssertionError(f"nothing listens on {port}")


@contextmanager
def prometheus(
    folder: Path, text: str, *, rules: str = "", alertmanager: str = "", scrape: str = "", features: str = ""
) -> Iterator[str]:
    """Run a Prometheus over backfilled OpenMetrics text, or one that scrapes an address; yield its address."""
    data, port = folder / "data", free_port()
    if text:
        samples = folder / "samples.om"
        samples.write_text(text + "# EOF\n")
        subprocess.run(
            [needs("promtool"), "tsdb", "create-blocks-from", "openmetrics", str(samples), str(data)],
            check=True,
            capture_output=True,
        )
    (folder / "rules.yml").write_text(rules or "groups: []\n")
    target = f"alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{alertmanager}']}}]}}]}}\n"
    scraped = f"scrape_configs: [{{job_name: shop, static_configs: [{{targets: ['{scrape}']}}]}}]\n"
    (folder / "prometheus.yml").write_text(
        "global: {evaluation_interval: 1s, scrape_interval: 1s}\nrule_files: [rules.yml]\n"
        + (target if alertmanager else "")
        + (scraped if scrape else "")
    )
    arguments = [
        "--config.file=prometheus.yml",
        f"--storage.tsdb.path={data}",
        "--storage.tsdb.retention.time=100y",
        f"--web.listen-address=127.0.0.1:{port}",
        "--rules.alert.resend-delay=2s",
        f"--enable-feature={features}",
    ]
    with running("prometheus", arguments, folder):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def victoria_metrics(folder: Path, text: str) -> Iterator[str]:
    """Run a VictoriaMetrics with imported samples; yield its address."""
    port = free_port()
    arguments = [
        f"-httpListenAddr=127.0.0.1:{port}",
        f"-storageDataPath={folder / 'vm'}",
        "-retentionPeriod=100y",
        "-search.latencyOffset=0s",
    ]
    with running("victoria-metrics", arguments, folder):
        _wait_for_port(port)  # it says that it has started before it listens
        url = f"http://127.0.0.1:{port}"
        lines = (line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#"))
        body = "\n".join(f"{sample} {round(float(at) * 1000)}" for sample, _, at in lines)
        send(f"{url}/api/v1/import/prometheus", body)
        send(f"{url}/internal/force_flush", "")
        yield url


@contextmanager
def alertmanager(folder: Path, *, webhook: str = "", token: str = "") -> Iterator[str]:
    """Run an Alertmanager that tells nobody, or at once a webhook; yield its address."""
    port = free_port()
    told = f"webhook_configs: [{{url: '{webhook}', http_config: {{authorization: {{credentials: '{token}'}}}}}}]"
    (folder / "alertmanager.yml").write_text(
        "route: {receiver: told, group_by: [alertname], group_wait: 0s, group_interval: 1s}\n"
        f"receivers: [{{name: told{', ' + told if webhook else ''}}}]\n"
    )
    arguments = [
        "--config.file=alertmanager.yml",
        f"--storage.path={folder / 'am'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    with running("prometheus-alertmanager", arguments, folder):
        yield f"http://127.0.0.1:{port}"


def send(url: str, body: str, *, content_type: str = "text/plain") -> None:
    request = urllib.request.Request(  # noqa: S310 a loopback address of our own
        url, data=body.encode(), headers={"content-type": content_type}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 see above
        answer.read()


def openmetrics(series: Iterable[Series]) -> str:
    """Write series as OpenMetrics text, each metric's samples together."""
    of: dict[str, list[str]] = {}
    for one in series:
        labels = {"service": one.service, **one.labels}
        written = ",".join(f'{key}="{value}"' for key, value in labels.items())
        of.setdefault(one.metric, []).extend(
            f"{one.metric}{{{written}}} {value} {at}"
            for at, value in zip(one.times.tolist(), one.values.tolist(), strict=True)
        )
    return "".join(f"# TYPE {metric} unknown\n" + "\n".join(lines) + "\n" for metric, lines in of.items())
