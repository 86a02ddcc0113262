"""GitHub's deliveries over HTTP: signed, stored once, each thing one change however often it is told."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.intake.specimens import signature
from tests.intake.test_github import REPOSITORY, WHEN, B, deployment, pushed
from tests.server.test_http import ALICE, OTHER, bearer
from tests.server.test_intake import FIRST, Doors
from tests.store.examples import NOON

from rootline.domain.tenant import Actor
from rootline.domain.window import Window
from rootline.intake.as_sources import ToldChanges
from rootline.intake.hooks import Hook, Hooks
from rootline.sources.changes.source import ChangeQuery

SECRET = "the secret of our github"
DAY = Window(start=NOON - timedelta(days=3650), end=NOON + timedelta(days=3650))
pytestmark = pytest.mark.anyio


@pytest.fixture
def doors() -> Doors:
    actor = Actor(tenant=FIRST, name="hook", role="engineer")
    return Doors(hooks=Hooks(hooks=(Hook(vendor="github", actor=actor, secret=SECRET.encode()),)))


async def post(
    doors: Doors, event: str, body: dict[str, Any], *, delivery: str = "d-1", secret: str = SECRET
) -> tuple[int, dict[str, Any]]:
    raw = json.dumps({"repository": REPOSITORY, **body}).encode()
    signed = {"X-Hub-Signature-256": f"sha256={signature(secret, raw)}"} if secret else {}
    headers = {"Content-Type": "application/json", "X-GitHub-Event": event, "X-GitHub-Delivery": delivery, **signed}
    async with doors.client() as client:
        answer = await client.post("/intake/github", content=raw, headers=headers)
    return answer.status_code, answer.json()


async def changes(doors: Doors, tenant: UUID = FIRST) -> list[tuple[str, str, str, str]]:
    found = await doors.house.intake(tenant).changes(DAY)
    return [(one.kind, one.service or one.name, one.after[:3], one.version or one.message[:12]) for one in found]


async def test_a_signed_push_is_stored_with_its_commits(doors: Doors) -> None:
    status, told = await post(doors, "push", pushed())

    assert (status, told["changes"], told["is_repeat"]) == (200, 1, False)
    assert await changes(doors) == [("commit", "checkout", "bbb", "Use fewer co")]
    (kept,) = await doors.house.intake(FIRST).changes(DAY)
    assert (kept.files, kept.actor) == (("new.py", "pool.py"), "Ada")
    assert await doors.count(OTHER) == 0


async def test_the_same_delivery_again_is_the_same_row(doors: Doors) -> None:
    first, again = await post(doors, "push", pushed()), await post(doors, "push", pushed())

    assert first[1]["delivery"] == again[1]["delivery"]
    assert (again[0], again[1]["is_repeat"], again[1]["changes"]) == (200, True, 0)
    assert (await doors.count(), len(await changes(doors))) == (1, 1)


async def test_two_deliveries_about_one_thing_are_one_change(doors: Doors) -> None:
    status = {"state": "success", "created_at": WHEN, "environment": "production"}
    body = {"deployment": deployment(), "deployment_status": status}
    merged = {"merged": True, "merged_at": WHEN, "merge_commit_sha": B, "title": "x", "base": {"ref": "main"}}

    for at, (event, told) in enumerate(
        [
            ("deployment_status", body),
            ("deployment_status", body),
            ("push", pushed()),
            ("pull_request", {"action": "closed", "pull_request": merged}),
        ]
    ):
        assert (await post(doors, event, told, delivery=f"d-{at}"))[0] == 200

    assert sorted(one[:3] for one in await changes(doors)) == [
        ("commit", "checkout", "bbb"),
        ("deployment", "checkout", "bbb"),
    ]
    assert await doors.count() == 4


async def test_what_tells_of_no_change_is_accepted_with_the_reason(doors: Doors) -> None:
    status, told = await post(doors, "star", {"action": "created"})

    assert (status, told["changes"], told["remark"]) == (200, 0, "star tells of no change to what runs")


@pytest.mark.parametrize("secret", ["another secret, not ours", ""])
async def test_what_is_not_signed_by_us_is_refused_and_leaves_nothing(doors: Doors, secret: str) -> None:
    status, told = await post(doors, "push", pushed(), secret=secret)

    assert status == 401
    assert told["error_code"] in {"bad_signature", "unauthorized"}
    assert await doors.count() == 0


@pytest.mark.parametrize("header", ["", "sha256=", "sha1=abc", f"sha256={'0' * 64}", "sha256=" + "é" * 64, "0" * 64])
async def test_odd_signatures_are_refused(doors: Doors, header: str) -> None:
    raw = json.dumps(pushed()).encode()
    given = {
        "Content-Type": "application/json",
        "X-GitHub-Event": "push",
        "X-GitHub-Delivery": "1",
        "X-Hub-Signature-256": header,
    }
    headers = [(name.encode(), value.encode("latin-1")) for name, value in given.items()]
    async with doors.client() as client:
        answer = await client.post("/intake/github", content=raw, headers=headers)

    assert answer.status_code == 401
    assert await doors.count() == 0


async def test_a_token_does_where_there_is_no_secret() -> None:
    bare = Doors(hooks=Hooks())
    body = json.dumps({"repository": REPOSITORY, **pushed()}).encode()
    headers = {"X-GitHub-Event": "push", "X-GitHub-Delivery": "1", **bearer(ALICE)}

    assert (await bare.post("github", body, headers))[0] == 200
    assert len(await changes(bare)) == 1


async def test_a_form_is_refused_with_what_to_choose_on_github(doors: Doors) -> None:
    async with doors.client() as client:
        answer = await client.post("/intake/github", data={"payload": "{}"})

    assert answer.status_code == 415
    assert answer.json()["detail"].endswith("Choose that content type in the webhook's settings on GitHub.")


async def test_what_github_did_not_send_is_refused(doors: Doors) -> None:
    raw = json.dumps(pushed()).encode()
    signed = {"X-Hub-Signature-256": f"sha256={signature(SECRET, raw)}"}
    async with doors.client() as client:
        answer = await client.post(
            "/intake/github", content=raw, headers={"Content-Type": "application/json", **signed}
        )

    assert answer.status_code == 422
    assert "x-github-event is missing" in answer.json()["detail"]
    assert await doors.count() == 0


async def test_what_github_told_is_read_by_investigations(doors: Doors) -> None:
    status = {"state": "success", "created_at": WHEN, "environment": "production"}
    await post(doors, "push", pushed())
    await post(doors, "deployment_status", {"deployment": deployment(), "deployment_status": status}, delivery="d-2")

    found = await ToldChanges(doors.house.intake(FIRST)).changes(ChangeQuery(), DAY)

    assert [(one.sha, one.repository, one.author, one.files) for one in found.commits] == [
        (B, "checkout", "Ada", ("new.py", "pool.py"))
    ]
    latest = NOON + timedelta(minutes=5)  # the payload's clock runs ahead of ours
    assert [(one.service, one.commit, one.at) for one in found.deployments] == [("checkout", B, latest)]
