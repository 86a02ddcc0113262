"""Which sources have a row of health."""

from pathlib import Path

import pytest
from tests.fakes.kube_api import KubeApi

from rootline.cli.source import names
from rootline.domain.window import Window
from rootline.sources.examining import examine
from rootline.sources.stack import Given, stack

GONE = "http://127.0.0.1:1"
NOW = Window.model_validate({"start": "2026-03-01T12:00:00Z", "end": "2026-03-01T13:00:00Z"})


@pytest.mark.anyio
async def test_every_source_that_the_doctor_looks_at_has_a_row(tmp_path: Path) -> None:
    api = KubeApi()
    api.url = GONE
    missing = str(tmp_path / "missing")
    variables = {
        "ROOTLINE_PROMETHEUS_URL": GONE,
        "ROOTLINE_ALERTMANAGER_URL": GONE,
        "ROOTLINE_OTLP_FILE": missing,
        "ROOTLINE_LOG_FILES": missing,
        "ROOTLINE_GIT_REPOSITORY": missing,
        "ROOTLINE_GITHUB_REPOSITORY": "acme/shop",
        "ROOTLINE_GITHUB_URL": GONE,
        "ROOTLINE_FLAGS_FILE": f"{missing}.json",
        "ROOTLINE_KUBECONFIG": str(api.kubeconfig(tmp_path)),
    }
    described = stack(Given(variables=variables, folder=tmp_path))

    looked = await examine(described, NOW)

    assert [one.name for one in looked] == [*names(described)]
    assert len(looked) == 8
    assert not any(one.is_well for one in looked if one.name != "flags")
