import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from tests.intake.specimens import signature
from tests.store.examples import NOON

from rootline.domain.tenant import LOCAL
from rootline.errors import Misconfigured
from rootline.intake.hooks import read_hooks
from rootline.intake.signatures import BadSignature, Stale

BODY = b'{"event": {"id": "1"}}'
OLD, NEW, OTHERS = "an old secret of pagerduty", "a new secret of pagerduty!", "the secret of the others"
GRAFANAS = "what grafana signs with"
FIRST, OTHER = UUID(int=1), UUID(int=2)
LINES = "\n".join(
    [
        "# vendor tenant name secret",
        f"pagerduty {FIRST} shop {OLD.replace(' ', '-')}",
        f"pagerduty {FIRST} shop {NEW.replace(' ', '-')}",
        f"pagerduty {OTHER} others {OTHERS.replace(' ', '-')}",
        f"grafana {OTHER} others {GRAFANAS.replace(' ', '-')}",
        "",
    ]
)


def written(folder: Path, text: str = LINES, mode: int = 0o600) -> Path:
    file = folder / "hooks"
    file.write_text(text)
    file.chmod(mode)
    return file


def signed(secret: str, prefix: str = "") -> str:
    return signature(secret.replace(" ", "-"), BODY, prefix)


@pytest.mark.parametrize(
    ("header", "tenant"),
    [
        (f"v1={signed(OLD)}", FIRST),
        (f"v1={signed(NEW)}", FIRST),
        (f"v1={signed(NEW)},v1={signed(OLD)}", FIRST),
        (f"v1={'0' * 64}, v1={signed(OLD)}", FIRST),
        (f"v2=unknown,v1={signed(OTHERS)}", OTHER),
        (f"v1={signed(OTHERS).upper()}", OTHER),
    ],
)
def test_pagerduty_may_sign_with_several_secrets_while_one_is_replaced(
    tmp_path: Path, header: str, tenant: UUID
) -> None:
    hooks = read_hooks(written(tmp_path))

    assert hooks.signed_by("pagerduty", {"x-pagerduty-signature": header}, BODY, NOON).tenant == tenant


@pytest.mark.parametrize(
    "header",
    [
        "",
        "v1=",
        f"v1={'0' * 64}",
        f"v1={signed(OLD)[:-1]}",
        f"v1={signed(OLD)}0",
        signed(OLD),
        f"sha256={signed(OLD)}",
        f"v1={signed(GRAFANAS)}",
        "v1=" + "é" * 64,
        ",".join([f"v1={'1' * 64}"] * 10 + [f"v1={signed(OLD)}"]),
    ],
)
def test_a_signature_that_fits_no_secret_of_the_vendor_is_nobodys(tmp_path: Path, header: str) -> None:
    hooks = read_hooks(written(tmp_path))

    with pytest.raises(BadSignature):
        hooks.signed_by("pagerduty", {"x-pagerduty-signature": header}, BODY, NOON)


def test_local_is_the_tenant_that_commands_on_this_machine_act_for(tmp_path: Path) -> None:
    file = tmp_path / "hooks"
    file.write_text("pagerduty local pd a-secret-of-pagerduty-here")
    file.chmod(0o600)

    assert [one.actor.tenant for one in read_hooks(file).hooks] == [LOCAL.tenant]


def test_a_body_that_was_changed_is_not_what_was_signed(tmp_path: Path) -> None:
    hooks = read_hooks(written(tmp_path))

    with pytest.raises(BadSignature):
        hooks.signed_by("pagerduty", {"x-pagerduty-signature": f"v1={signed(OLD)}"}, BODY + b" ", NOON)


def test_grafana_signs_the_body_or_its_time_with_it(tmp_path: Path) -> None:
    hooks, now = read_hooks(written(tmp_path)), str(round(NOON.timestamp()))
    name, time = "x-grafana-alerting-signature", "x-grafana-alerting-timestamp"

    plain = hooks.signed_by("grafana", {name: signed(GRAFANAS)}, BODY, NOON)
    timed = hooks.signed_by("grafana", {name: signed(GRAFANAS, f"{now}:"), time: now}, BODY, NOON)

    assert (plain.tenant, timed.tenant) == (OTHER, OTHER)


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365])
def test_what_was_signed_long_ago_or_ahead_is_not_taken(tmp_path: Path, minutes: int) -> None:
    hooks, now = read_hooks(written(tmp_path)), str(round(NOON.timestamp()))
    headers = {"x-grafana-alerting-signature": signed(GRAFANAS, f"{now}:"), "x-grafana-alerting-timestamp": now}

    with pytest.raises(Stale, match="more than 5 minutes"):
        hooks.signed_by("grafana", headers, BODY, NOON + timedelta(minutes=minutes))


def test_a_time_that_was_signed_cannot_be_left_out_or_made_up(tmp_path: Path) -> None:
    hooks, now = read_hooks(written(tmp_path)), str(round(NOON.timestamp()))
    whole = {"x-grafana-alerting-signature": signed(GRAFANAS, f"{now}:"), "x-grafana-alerting-timestamp": now}
    later = str(round(NOON.timestamp()) + 60)

    for headers in (
        {"x-grafana-alerting-signature": whole["x-grafana-alerting-signature"]},
        {**whole, "x-grafana-alerting-timestamp": later},
        {**whole, "x-grafana-alerting-timestamp": "soon"},
        {**whole, "x-grafana-alerting-timestamp": "1e9"},
    ):
        with pytest.raises(BadSignature):
            hooks.signed_by("grafana", headers, BODY, NOON)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "holds 0 secrets"),
        ("# nothing", "holds 0 secrets"),
        ("pagerduty not-a-tenant shop a-long-enough-secret", "line 1"),
        (f"pagerduty {FIRST} shop", "line 1"),
        (f"pagerduty {FIRST} shop short", "at least 16"),
        (f"alertmanager {FIRST} shop a-long-enough-secret", "does not sign"),
        (f"pagerduty {FIRST} a the-very-same-secret\npagerduty {OTHER} b the-very-same-secret", "same secret"),
    ],
)
def test_a_file_of_secrets_that_cannot_be_meant_so_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(Misconfigured, match=told):
        read_hooks(written(tmp_path, text))


def test_secrets_that_everybody_may_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="chmod 600"):
        read_hooks(written(tmp_path, mode=0o644))


def test_a_file_of_secrets_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"ROOTLINE_HOOKS=.*nowhere cannot be read"):
        read_hooks(tmp_path / "nowhere")


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    assert OLD.replace(" ", "-") not in repr(read_hooks(written(tmp_path))) + os.linesep
