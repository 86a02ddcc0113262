"""When the shop's alerts fire, as Prometheus' own checker of rules evaluates them."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from rootline.lab.config_files import rules

LONG_S = 150
Samples = Mapping[str, str]


def counted(service: str, status: str, values: str) -> dict[str, str]:
    return {f'http_server_requests_total{{service="{service}",status="{status}"}}': values}


def scraped(*services: str) -> dict[str, str]:
    return {f'up{{service="{one}"}}': f"1x{LONG_S}" for one in services}


def timed(service: str, quick: str, slow: str) -> dict[str, str]:
    """Requests that take up to 50 ms, and all of them; those above are found between one and two seconds."""
    name = "http_server_request_duration_seconds_bucket"
    return {
        f'{name}{{service="{service}",le="0.05"}}': quick,
        f'{name}{{service="{service}",le="1"}}': quick,
        f'{name}{{service="{service}",le="2"}}': slow,
        f'{name}{{service="{service}",le="+Inf"}}': slow,
    }


def checked(folder: Path, samples: Samples, at_s: int, name: str, services: Sequence[str]) -> str:
    """Ask the checker whether an alert fires for these services and no other; return what it has against it."""
    (folder / "rules.yml").write_text(yaml.safe_dump(rules()), encoding="utf-8")
    expected = [_expected(name, one) for one in services]
    asked = {
        "rule_files": ["rules.yml"],
        "evaluation_interval": "1s",
        "tests": [
            {
                "interval": "1s",
                "input_series": [{"series": key, "values": values} for key, values in samples.items()],
                "alert_rule_test": [{"eval_time": f"{at_s}s", "alertname": name, "exp_alerts": expected}],
            }
        ],
    }
    (folder / "asked.yml").write_text(yaml.safe_dump(asked), encoding="utf-8")
    done = subprocess.run(
        ["promtool", "test", "rules", "asked.yml"], cwd=folder, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def _expected(name: str, service: str) -> dict[str, object]:
    groups = rules()["groups"]
    assert isinstance(groups, list)
    own = [one for one in groups[0]["rules"] if one["alert"] == name]
    rule = next((one for one in own if f'service="{service}"' in one["expr"]), own[0])
    summary = rule["annotations"]["summary"].replace("{{ $labels.service }}", service)
    return {"exp_labels": {**rule["labels"], "service": service}, "exp_annotations": {"summary": summary}}


WELL = {
    **scraped("cart", "store"),
    **counted("cart", "200", f"0+6x{LONG_S}"),
    **counted("store", "200", f"0+9x{LONG_S}"),
}
CASES: tuple[tuple[str, Samples, int, str, tuple[str, ...]], ...] = (
    ("a tenth fails", counted("cart", "500", f"0x60 0+1x{LONG_S}"), 80, "ErrorsHigh", ("cart",)),
    (
        "one in a hundred fails",
        counted("cart", "500", f"0x40 {' '.join(str(at // 16) for at in range(90))}"),
        120,
        "ErrorsSome",
        ("cart",),
    ),
    (
        "one in a hundred is not many",
        counted("cart", "500", f"0x40 {' '.join(str(at // 16) for at in range(90))}"),
        120,
        "ErrorsHigh",
        (),
    ),
    ("one request failed", counted("cart", "500", f"0x60 1x{LONG_S}"), 80, "ErrorsSome", ()),
    ("one in fifty takes long", timed("cart", f"0+49x{LONG_S}", f"0+50x{LONG_S}"), 90, "TailSlow", ("cart",)),
    ("one in fifty is not most", timed("cart", f"0+49x{LONG_S}", f"0+50x{LONG_S}"), 90, "ResponsesSlow", ()),
    ("one in two hundred takes long", timed("cart", f"0+199x{LONG_S}", f"0+200x{LONG_S}"), 90, "TailSlow", ()),
    ("nobody asks any more", counted("store", "200", f"0+9x80 720x{LONG_S}"), 115, "RequestsGone", ("store",)),
    ("what is asked is counted no more", counted("store", "200", "0+9x80 stale"), 115, "RequestsGone", ("store",)),
    ("half of it is asked", counted("store", "200", f"0+9x80 720+4x{LONG_S}"), 115, "RequestsGone", ()),
    ("a restart begins at nothing", counted("store", "200", f"0+9x80 0+9x{LONG_S}"), 115, "RequestsGone", ()),
    ("a moment after the beginning", counted("store", "200", f"0+90x4 360+9x{LONG_S}"), 45, "RequestsGone", ()),
    (
        "somebody fails because of whom nobody asks",
        {**counted("store", "200", f"0+9x80 720x{LONG_S}"), **counted("cart", "500", f"0x80 0+6x{LONG_S}")},
        115,
        "RequestsGone",
        (),
    ),
    (
        "who cannot be scraped shows no requests",
        {**counted("store", "200", "0+9x80 stale"), 'up{service="store"}': f"1x80 0x{LONG_S}"},
        115,
        "RequestsGone",
        (),
    ),
)


@pytest.mark.parametrize(
    ("samples", "at_s", "name", "services"), [one[1:] for one in CASES], ids=[one[0] for one in CASES]
)
def test_an_alert_fires_for_what_is_wrong_and_for_nothing_else(
    tmp_path: Path, samples: Samples, at_s: int, name: str, services: tuple[str, ...]
) -> None:
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed; docs/lab.md says how to get it")

    assert checked(tmp_path, {**WELL, **samples}, at_s, name, services) == ""


@pytest.mark.parametrize(
    "name", ["ErrorsHigh", "ErrorsSome", "RequestsRefused", "TailSlow", "ResponsesSlow", "RequestsGone"]
)
def test_nothing_fires_in_a_shop_that_is_well(tmp_path: Path, name: str) -> None:
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed; docs/lab.md says how to get it")

    assert checked(tmp_path, WELL, LONG_S - 5, name, ()) == ""
