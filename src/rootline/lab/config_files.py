"""What Prometheus, Alertmanager and Rootline are told about the laboratory."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from rootline.lab.patient_rules import patient_rules
from rootline.lab.places import Places
from rootline.lab.rule import alert, requests, slow

SERVICES = ("store", "cache", "inventory", "pricing", "cart", "catalogue", "payment", "checkout", "gateway")
"""Those that are called before those that call."""
OBJECTIVES_S: Mapping[str, float] = {"gateway": 0.4, "checkout": 0.4, "payment": 0.25}
USUAL_OBJECTIVE_S = 0.15
MOST_MEMORY_BYTES = 120_000_000
MEMORY = "process_resident_memory_bytes"


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
    failed = requests('status=~"5.."')
    refused = requests('status=~"4.."')
    every = requests()
    alerts = (
        alert("ErrorsHigh", f"{failed} / {every} > 0.05", "5s", "critical", "more than 5 % of requests fail"),
        alert("RequestsRefused", f"{refused} / {every} > 0.2", "6s", "high", "more than 20 % are refused"),
        *(slow(name, "ResponsesSlow", 0.95, _objective_s(name), "5s") for name in SERVICES),
        alert("MemoryHigh", f"{MEMORY} > {MOST_MEMORY_BYTES}", "3s", "high", "memory is above 120 MB"),
        alert("TargetDown", "up == 0", "4s", "critical", "it cannot be scraped"),
        *patient_rules({name: _objective_s(name) for name in SERVICES}),
    )
    return {"groups": [{"name": "shop", "rules": list(alerts)}]}


def _objective_s(service: str) -> float:
    return OBJECTIVES_S.get(service, USUAL_OBJECTIVE_S)


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
                "flags": {"file": "flags/shop.json"},
                "sources": {
                    "prometheus": {"url": f"http://{addresses.prometheus}"},
                    "alertmanager": {"url": f"http://{addresses.alertmanager}"},
                },
            }
        }
    }


def _write(file: Path, content: dict[str, object]) -> None:
    file.write_text(yaml.safe_dump(content, sort_keys=False, width=1000), encoding="utf-8")
