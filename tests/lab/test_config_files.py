"""What the servers are told, read by the servers' own checkers where these are installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from rootline.errors import Misconfigured
from rootline.lab.config_files import SERVICES, Addresses, rules, write_configs
from rootline.lab.places import Places
from rootline.lab.programs import find_programs
from rootline.sources.connecting import connect
from rootline.sources.stack import Given, stack

ADDRESSES = Addresses(
    services={name: f"127.0.0.1:{4000 + at}" for at, name in enumerate(SERVICES)},
    prometheus="127.0.0.1:5001",
    alertmanager="127.0.0.1:5002",
)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(tmp_path)
    write_configs(made, ADDRESSES)
    return made


@pytest.mark.parametrize(
    ("checker", "command", "file"),
    [("promtool", ("check", "config"), "prometheus.yml"), ("amtool", ("check-config",), "alertmanager.yml")],
)
def test_the_servers_accept_their_files(places: Places, checker: str, command: tuple[str, ...], file: str) -> None:
    if shutil.which(checker) is None:
        pytest.skip(f"{checker} is not installed; docs/lab.md says how to get it")

    done = subprocess.run([checker, *command, str(places.folder / file)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_rootline_reads_everything_that_the_laboratory_offers(places: Places) -> None:
    sources = connect(stack(Given(variables={"ROOTLINE_CONFIG": str(places.config)})))

    found = (sources.metrics, sources.logs, sources.traces, sources.alerts, sources.changes)
    assert all(one is not None for one in found)
    assert sources.cluster_name == "lab"


def test_every_service_has_an_objective(places: Places) -> None:
    told = str(rules())

    assert all(f'service="{name}"' in told for name in SERVICES)
    assert places.config.is_file()


def test_missing_servers_are_named_with_the_way_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as refused:
        find_programs({"PATH": str(tmp_path)})

    assert "needs prometheus and alertmanager and git" in str(refused.value)
    assert "apt-get install --no-install-recommends prometheus prometheus-alertmanager" in str(refused.value)
    assert "ROOTLINE_LAB_PROMETHEUS" in str(refused.value)


def test_a_server_can_be_named_by_its_path(tmp_path: Path) -> None:
    for name in ("git", "prom", "am"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o700)
    own = {"ROOTLINE_LAB_PROMETHEUS": str(tmp_path / "prom"), "ROOTLINE_LAB_ALERTMANAGER": str(tmp_path / "am")}

    found = find_programs({"PATH": str(tmp_path), **own})

    assert (found.prometheus, found.alertmanager) == (str(tmp_path / "prom"), str(tmp_path / "am"))
    with pytest.raises(Misconfigured, match="is no file"):
        find_programs({"PATH": str(tmp_path), **own, "ROOTLINE_LAB_PROMETHEUS": str(tmp_path / "gone")})
