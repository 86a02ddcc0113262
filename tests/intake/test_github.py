"""GitHub's webhooks: what took effect becomes a change, everything else is accepted and says why it is none."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.domain.change import Commit, Deployment
from rootline.intake.github import BadDelivery, Heard, hear
from rootline.intake.github_events import READ

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
THEN = datetime(2026, 11, 22, 11, 30, tzinfo=UTC)
WHEN = "2026-11-22T11:30:00Z"
A, B = "a" * 40, "b" * 40
REPOSITORY = {"id": 1, "name": "checkout", "full_name": "acme/checkout", "default_branch": "main"}


def heard(event: str, **body: Any) -> Heard:
    headers = {"x-github-event": event, "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958"}
    return hear(headers, {"repository": REPOSITORY, **body}, NOW)


def pushed(**more: Any) -> dict[str, Any]:
    commit = {
        "id": B,
        "timestamp": "2026-11-22T12:30:00+01:00",
        "message": "Use fewer connections\n\nThey idle.",
        "author": {"name": "Ada", "username": "ada"},
        "added": ["new.py"],
        "removed": [],
        "modified": ["pool.py"],
    }
    return {"ref": "refs/heads/main", "before": A, "after": B, "deleted": False, "commits": [commit], **more}


def test_a_push_to_the_default_branch_brings_its_commits() -> None:
    found = heard("push", **pushed())

    assert found.commits == (
        Commit(
            sha=B,
            at=THEN,
            message="Use fewer connections\n\nThey idle.",
            author="Ada",
            files=("new.py", "pool.py"),
            repository="checkout",
        ),
    )
    assert (found.repository, found.ignored) == ("acme/checkout", "")


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"ref": "refs/heads/feature"}, "refs/heads/feature is not the default branch"),
        ({"deleted": True, "after": "0" * 40}, "refs/heads/main was deleted"),
        ({"commits": []}, "the push brought no commit"),
        ({"commits": [{"id": "HEAD"}, None, 5]}, "the push brought no commit"),
        ({"after": "../../x"}, "refs/heads/main was deleted"),
        ({"ref": "refs/tags/v1-draft"}, "the tag says nothing of a deployment"),
    ],
)
def test_other_pushes_say_why_they_bring_nothing(more: dict[str, Any], reason: str) -> None:
    found = heard("push", **pushed(**more))

    assert (found.commits, found.deployments, found.ignored) == ((), (), reason)


def test_a_tag_that_says_deployed_is_a_deployment_of_the_commit_it_stands_at() -> None:
    found = heard("push", **pushed(ref="refs/tags/deploy/payment/v2", after=A, head_commit={"id": B}))

    assert found.deployments == (Deployment(service="payment", at=NOW, commit=B, version="deploy/payment/v2"),)


def deployment(**more: Any) -> dict[str, Any]:
    return {"id": 7, "sha": B, "ref": "v2", "environment": "production", "payload": {}, **more}


def test_a_deployment_counts_when_its_status_says_success() -> None:
    status = {"state": "success", "created_at": WHEN, "environment": "production"}

    asked = heard("deployment", action="created", deployment=deployment())
    found = heard("deployment_status", action="created", deployment=deployment(), deployment_status=status)

    assert (asked.deployments, asked.ignored) == (
        (),
        "a deployment to production was asked for; its status tells when it takes effect",
    )
    assert found.deployments == (Deployment(service="checkout", at=THEN, commit=B, version="v2"),)
    assert found.same == "deployment 7"


@pytest.mark.parametrize(
    "payload", [{"service": "payment"}, {"app": "payment"}, {"component": "payment"}, '{"service": "payment"}']
)
def test_the_payload_of_a_deployment_names_its_service(payload: dict[str, str] | str) -> None:
    status = {"state": "success", "created_at": WHEN, "environment": "staging"}

    found = heard("deployment_status", deployment=deployment(payload=payload), deployment_status=status)

    assert found.deployments == (Deployment(service="payment", at=THEN, commit=B, version="v2 in staging"),)


@pytest.mark.parametrize("payload", ["", "deploy", "[1]", '"x"', "{", "\ud800", None, 5])
def test_a_payload_without_a_service_leaves_the_repository(payload: object) -> None:
    status = {"state": "success", "created_at": WHEN}

    found = heard("deployment_status", deployment=deployment(payload=payload), deployment_status=status)

    assert [one.service for one in found.deployments] == ["checkout"]


def test_a_deployment_to_an_environment_that_does_not_last_is_no_change_to_what_runs() -> None:
    preview = {**deployment(), "environment": "preview-12", "transient_environment": True}

    found = heard("deployment_status", deployment=preview, deployment_status={"state": "success", "created_at": WHEN})

    assert (found.deployments, found.ignored) == ((), "preview-12 is there for a while only, as a preview is")


@pytest.mark.parametrize("state", ["pending", "in_progress", "queued", "failure", "error", "inactive", ""])
def test_a_deployment_that_did_not_succeed_brings_nothing(state: str) -> None:
    found = heard("deployment_status", deployment=deployment(), deployment_status={"state": state})

    assert (found.deployments, found.ignored) == ((), f"the deployment is {state or 'in an unknown state'}")


def test_a_merged_pull_request_is_the_commit_that_it_became() -> None:
    held = {
        "number": 12,
        "title": "Use fewer connections",
        "merged": True,
        "merged_at": WHEN,
        "merge_commit_sha": B,
        "user": {"login": "ada"},
        "base": {"ref": "main", "repo": {"default_branch": "main"}},
    }

    merged = heard("pull_request", action="closed", pull_request=held)
    elsewhere = heard("pull_request", action="closed", pull_request={**held, "base": {"ref": "next"}})
    closed = heard("pull_request", action="closed", pull_request={**held, "merged": False})
    labeled = heard("pull_request", action="labeled", pull_request=held)

    message = "Use fewer connections\n\nPull request #12"
    assert merged.commits == (Commit(sha=B, at=THEN, message=message, author="ada", repository="checkout"),)
    assert elsewhere.ignored == "it was merged into next, which is not the default branch"
    assert closed.ignored == "the pull request was closed, and brought no commit"
    assert labeled.ignored == "the pull request was labeled, and brought no commit"


def test_a_published_release_is_a_version_that_went_out() -> None:
    held = {"id": 3, "tag_name": "v2", "target_commitish": "main", "published_at": WHEN, "draft": False}

    found = heard("release", action="published", release=held)
    exact = heard("release", action="published", release={**held, "target_commitish": B})

    assert found.deployments == (Deployment(service="checkout", at=THEN, commit="", version="v2"),)
    assert exact.deployments[0].commit == B
    assert heard("release", action="published", release={**held, "draft": True}).ignored == "the release was published"
    assert heard("release", action="published", release={**held, "prerelease": True}).ignored == "it is a prerelease"
    assert heard("release", action="edited", release=held).ignored == "the release was edited"


def test_a_workflow_that_says_it_deploys_deployed_when_it_succeeded() -> None:
    held = {"id": 9, "name": "Deploy shop", "head_sha": B, "head_branch": "main", "conclusion": "success"}

    found = heard("workflow_run", action="completed", workflow_run={**held, "updated_at": WHEN})
    failed = heard("workflow_run", action="completed", workflow_run={**held, "conclusion": "failure"})
    tests = heard("workflow_run", action="completed", workflow_run={**held, "name": "Tests"})
    branch = heard("workflow_run", action="completed", workflow_run={**held, "head_branch": "next"})

    assert found.deployments == (Deployment(service="checkout", at=THEN, commit=B, version="Deploy shop"),)
    assert failed.ignored == "the workflow was completed: failure"
    assert tests.ignored == "the workflow's name says nothing of a deployment"
    assert branch.ignored == "the workflow ran for another branch than the default one"


def test_events_about_nothing_that_runs_are_accepted_with_a_reason() -> None:
    assert heard("ping", zen="Speak like a human.").ignored == "the webhook works"
    assert heard("star", action="created").ignored == "star tells of no change to what runs"
    assert heard("an_event_of_2030").ignored == "an_event_of_2030 tells of no change to what runs"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-github-event": "push"},
        {"x-github-delivery": "1"},
        {"x-github-event": "push", "x-github-delivery": " "},
        {"x-github-event": "push\r\nx: y", "x-github-delivery": "1"},
        {"x-github-event": "p" * 101, "x-github-delivery": "1"},
    ],
)
def test_what_is_no_delivery_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(BadDelivery, match="was not sent by GitHub's webhook"):
        hear(headers, {}, NOW)


@pytest.mark.parametrize("body", [[], None, "x", 5])
def test_a_body_that_is_no_object_is_refused(body: Any) -> None:
    with pytest.raises(BadDelivery, match="Set the webhook's content type to application/json"):
        hear({"x-github-event": "push", "x-github-delivery": "1"}, body, NOW)


KEYS = (
    "ref after deleted commits id timestamp repository default_branch head_commit deployment deployment_status state "
    "sha environment payload created_at pull_request merged action base release tag_name workflow_run name conclusion"
)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.sampled_from([A, "main", "refs/heads/main", WHEN, "success", "\0"])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=6),
    max_leaves=20,
)


@given(event=st.sampled_from([*READ, "star"]), body=st.dictionaries(st.sampled_from(KEYS.split()), JSON, max_size=8))
def test_no_payload_is_too_odd(event: str, body: dict[str, Any]) -> None:
    found = hear({"x-github-event": event, "x-github-delivery": "1"}, body, NOW)

    assert bool(found.commits or found.deployments) != bool(found.ignored)
