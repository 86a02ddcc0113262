"""GitHub's events: what each says of changes that took effect. Odd payloads come to nothing, never to a fault.

Source: docs.github.com, "Webhook events and payloads".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from rootline.domain.change import Commit, Deployment
from rootline.sources.changes.git_clone import is_deployment, service_of
from rootline.sources.github.commits import LONGEST_MESSAGE, is_sha
from rootline.sources.github.deployments import service_in
from rootline.sources.kubernetes.raw import Raw

MOST_COMMITS = 300
MOST_FILES = 300
_LONGEST = 300


@dataclass(frozen=True, kw_only=True)
class Said:
    """What an event comes to: changes, or the reason why it tells of none.

    `same` names what the change is about, so that two events about one thing are one change; empty for none.
    """

    commits: tuple[Commit, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    reason: str = ""
    same: str = ""


def nothing(reason: str) -> Said:
    """An event that was understood and tells of no change that took effect."""
    return Said(reason=reason)


def push(body: Raw, at: datetime) -> Said:
    """Commits on the default branch; a tag that says that something was deployed is a deployment."""
    ref, after, repository = body.text("ref"), body.text("after"), body.text("repository", "name")
    if body.at("deleted").held is True or not is_sha(after):
        return nothing(f"{ref} was deleted")
    if ref.startswith("refs/tags/"):
        return _tag(ref.removeprefix("refs/tags/"), body, at)
    main = body.text("repository", "default_branch") or body.text("repository", "master_branch")
    if ref != f"refs/heads/{main}":
        return nothing(f"{ref[:_LONGEST]} is not the default branch")
    listed = body.each("commits")[-MOST_COMMITS:]
    made = (_pushed(one, repository, place) for place, one in enumerate(listed))
    commits = tuple(one for one in made if one is not None)
    return Said(commits=commits) if commits else nothing("the push brought no commit")


def _tag(tag: str, body: Raw, at: datetime) -> Said:
    if not is_deployment(tag):
        return nothing("the tag says nothing of a deployment")
    repository = body.text("repository", "name")
    service = service_of(tag) or repository
    commit = body.text("head_commit", "id")
    sha = commit if is_sha(commit) else body.text("after")
    made = Deployment(service=service, at=at, commit=sha, version=tag[:_LONGEST])
    return Said(deployments=(made,), same=f"tag {tag} {sha}")


def _pushed(one: Raw, repository: str, place: int) -> Commit | None:
    sha, at = one.text("id"), one.moment("timestamp")
    if not is_sha(sha) or at is None:
        return None
    names = [name for kind in ("added", "removed", "modified") for name in one.words(kind)]
    message = one.at("message").held
    return Commit(
        sha=sha,
        at=at,
        message=message[:LONGEST_MESSAGE] if isinstance(message, str) else "",
        author=one.text("author", "name")[:200],
        files=tuple(sorted(set(names)))[:MOST_FILES],
        repository=repository,
        order=place,
    )


def deployment(body: Raw, _: datetime) -> Said:
    """A deployment was asked for; whether it took effect is told by its status."""
    where = body.text("deployment", "environment")
    return nothing(f"a deployment to {where[:_LONGEST]} was asked for; its status tells when it takes effect")


def deployment_status(body: Raw, at: datetime) -> Said:
    """A deployment that succeeded began to run."""
    state, held = body.text("deployment_status", "state"), body.at("deployment")
    sha, number = held.text("sha"), held.text("id")
    if state != "success" or not is_sha(sha):
        return nothing(f"the deployment is {state[:60] or 'in an unknown state'}")
    if held.at("transient_environment").held is True:
        return nothing(f"{held.text('environment')[:_LONGEST]} is there for a while only, as a preview is")
    made = Deployment(
        service=service_in(held, body.text("repository", "name")),
        at=body.moment("deployment_status", "created_at") or at,
        commit=sha,
        version=_version(held.text("ref"), body.text("deployment_status", "environment") or held.text("environment")),
    )
    return Said(deployments=(made,), same=f"deployment {number}")


def _version(ref: str, environment: str) -> str:
    told = f"{ref} in {environment}" if environment and environment.lower() not in {"production", "prod"} else ref
    return told[:_LONGEST]


def pull_request(body: Raw, at: datetime) -> Said:
    """A pull request that was merged into the default branch is the commit that it became."""
    held, action = body.at("pull_request"), body.text("action")
    if action != "closed" or held.at("merged").held is not True:
        return nothing(f"the pull request was {action.replace('_', ' ')[:60] or 'touched'}, and brought no commit")
    sha, base = held.text("merge_commit_sha"), held.text("base", "ref")
    main = held.text("base", "repo", "default_branch") or body.text("repository", "default_branch")
    if not is_sha(sha) or (main and base != main):
        return nothing(f"it was merged into {base[:_LONGEST]}, which is not the default branch")
    made = Commit(
        sha=sha,
        at=held.moment("merged_at") or at,
        message=f"{held.text('title')}\n\nPull request #{held.number('number')}",
        author=held.text("user", "login")[:200],
        repository=body.text("repository", "name"),
    )
    return Said(commits=(made,))


def release(body: Raw, at: datetime) -> Said:
    """A release that was published is a version that went out."""
    held, action = body.at("release"), body.text("action")
    if action not in {"published", "released"} or held.at("draft").held is True:
        return nothing(f"the release was {action[:60] or 'touched'}")
    if held.at("prerelease").held is True:
        return nothing("it is a prerelease")
    target = held.text("target_commitish")
    made = Deployment(
        service=body.text("repository", "name"),
        at=held.moment("published_at") or at,
        commit=target if is_sha(target) else "",
        version=held.text("tag_name")[:_LONGEST],
    )
    return Said(deployments=(made,), same=f"release {held.text('id')}")


def workflow_run(body: Raw, at: datetime) -> Said:
    """A workflow that says it deploys, and succeeded on the default branch, deployed its commit."""
    held, action = body.at("workflow_run"), body.text("action")
    name, sha = held.text("name"), held.text("head_sha")
    ended = action == "completed" and held.text("conclusion") == "success"
    if not ended:
        result = held.text("conclusion")[:60] or "no result"
        return nothing(f"the workflow was {action.replace('_', ' ')[:60]}: {result}")
    if not is_deployment(name.replace(" ", "-")) or not is_sha(sha):
        return nothing("the workflow's name says nothing of a deployment")
    main = body.text("repository", "default_branch")
    if main and held.text("head_branch") != main:
        return nothing("the workflow ran for another branch than the default one")
    service = body.text("repository", "name")
    made = Deployment(service=service, at=held.moment("updated_at") or at, commit=sha, version=name[:_LONGEST])
    return Said(deployments=(made,), same=f"run {held.text('id')}")


def ping(_: Raw, __: datetime) -> Said:
    """GitHub asks whether we are here."""
    return nothing("the webhook works")


READ: Mapping[str, Callable[[Raw, datetime], Said]] = {
    "push": push,
    "deployment": deployment,
    "deployment_status": deployment_status,
    "pull_request": pull_request,
    "release": release,
    "workflow_run": workflow_run,
    "ping": ping,
}
"""The events that are read; any other is accepted and tells of no change."""
