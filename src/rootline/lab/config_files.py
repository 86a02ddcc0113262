"""What Prometheus, Alertmanager and Rootline are told about the laboratory."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from rootline.lab.places import Places

SERVICES = ("store", "cache", "inventory", "pricing", "cart", "catalogue", "payment", "checkout", "gateway")
"""Those that are called before those that call."""
OBJECTIVES_S: Mapping[str, float] = {"gateway": 0.4, "checkout": 0.4, "payment": 0.25}
USUAL_OBJECTIVE_S = 0.15
MOST_MEMORY_BYTES = 120_000_000
MEMORY = "process_resident_memory_bytes"
RATE = "15s"


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Host and port of everything that listens."""

    services: Mapping[str, str]
    prometheus: str
    alertmanager: str


def write_configs(places: Places, addresses: Addresses) -> None:
    """Write every file."""
    _write(places.folder / "prometheus.yml", prometheus(addresses))
    _write(places.folder / "rules.yml", rules())
    _write(places.folder / "alertmanager.yml", alertmanager())
    _write(places.config, rootline(addresses))


def prometheus(addresses: Addresses) -> dict[str, object]:
    """Each service is scraped once a second."""
    targets = [{"targets": [address], "labels": {"service": name}} for name, address in addresses.services.items()]
    return {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": ["rules.yml"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [addresses.alertmanager]}]}]},
        "scrape_configs": [{"job_name": "shop", "static_configs": targets}],
    }


def rules() -> dict[str, object]:
    """Alerts on symptoms, the same for all services; only what counts as slow differs."""
    failed = _requests('status=~"5.."')
    refused = _requests('status=~"4.."')
    every = _requests("")
    alerts = (
        _alert("ErrorsHigh", f"{failed} / {every} > 0.05", "5s", "critical", "more than 5 % of requests fail"),
        _alert("RequestsRefused", f"{refused} / {every} > 0.2", "6s", "high", "more than 20 % are refused"),
        *(_slow(name) for name in SERVICES),
        _alert("MemoryHigh", f"{MEMORY} > {MOST_MEMORY_BYTES}", "3s", "high", "memory is above 120 MB"),
        _alert("TargetDown", "up == 0", "4s", "critical", "it cannot be scraped"),
    )
    return {"groups": [{"name": "shop", "rules": list(alerts)}]}


def _requests(status: str) -> str:
    return f"sum by (service) (rate(http_server_requests_total{{{status}}}[{RATE}]))"


def _slow(service: str) -> dict[str, object]:
    objective = OBJECTIVES_S.get(service, USUAL_OBJECTIVE_S)
    buckets = f'sum by (service, le) (rate(http_server_request_duration_seconds_bucket{{service="{service}"}}[{RATE}]))'
    said = f"the 95th percentile of response times is above {objective * 1000:.0f} ms"
    return _alert("ResponsesSlow", f"histogram_quantile(0.95, {buckets}) > {objective}", "5s", "high", said)


def _alert(name: str, expression: str, lasts: str, severity: str, said: str) -> dict[str, object]:
    return {
        "alert": name,
        "expr": expression,
        "for": lasts,
        "labels": {"severity": severity},
        "annotations": {"summary": f"{{{{ $labels.service }}}}: {said}"},
    }


def alertmanager() -> dict[str, object]:
    """Alerts are kept and grouped by name; nobody is woken."""
    route = {"receiver": "nobody", "group_by": ["alertname"], "group_wait": "1s", "group_interval": "2s"}
    return {"route": route, "receivers": [{"name": "nobody"}]}


def rootline(addresses: Addresses) -> dict[str, object]:
    """Where Rootline reads; paths are beside the file."""
    return {
        "clusters": {
            "lab": {
                "otlp": "traces.jsonl",
                "logs": "logs.jsonl",
                "git": ["shop"],
                "sources": {
                    "prometheus": {"url": f"http://{addresses.prometheus}"},
                    "alertmanager": {"url": f"http://{addresses.alertmanager}"},
                },
            }
        }
    }


def _write(file: Path, content: dict[str, object]) -> None:
    file.write_text(yaml.safe_dump(content, sort_keys=False, width=1000), encoding="utf-8")
