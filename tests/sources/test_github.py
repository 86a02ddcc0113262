"""GitHub's API: what it costs to ask, what it leaves out, how it refuses."""

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.fakes.clone import Clone
from tests.fakes.github_server import NAME, OWNER, ROOT, Github, Shipment, github, served
from tests.fakes.incident import HOUR, START
from tests.fakes.wire import Asked, Said, answering, said
from tests.sources.test_hostile_backends import BAD

from rootline.domain.change import ChangeSet, CodeOwners
from rootline.domain.window import Window
from rootline.errors import Misconfigured
from rootline.sources.changes.source import ChangeQuery
from rootline.sources.failure import SourceFailed
from rootline.sources.github.access import github_access
from rootline.sources.github.changes import GithubChanges

EVERYTHING = ChangeQuery()
NOW = datetime(2026, 3, 1, 13, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(tmp_path: Path) -> Github:
    clone = Clone(tmp_path / "checkout")
    clone.commit("a.py", "1\n", "first", START - timedelta(days=2))
    clone.commit("a.py", "2\n", "second", START)
    return Github(clone=clone)


def shas(shop: Github) -> list[str]:
    """The commits, oldest first."""
    return shop.git("log", "--reverse", "--topo-order", "--format=%H", "--no-merges").split()


async def read(shop: Github, *, token: str = "given", environments: str = "") -> ChangeSet:  # noqa: S107
    with served(shop) as url:
        access = github(url, token=token, environments=environments)
        return await GithubChanges(access, clock=lambda: NOW).changes(EVERYTHING, HOUR)


def succeeded(sha: str, at: datetime, environment: str = "production") -> Shipment:
    return Shipment(sha=sha, ref="main", at=at, statuses=(("success", at),), environment=environment)


@pytest.mark.anyio
async def test_what_did_not_change_is_asked_for_by_its_etag_and_commits_are_asked_for_once(shop: Github) -> None:
    later = Window(start=HOUR.start, end=HOUR.end + MINUTE)
    with served(shop) as url:
        source = GithubChanges(github(url), clock=lambda: NOW)
        first = await source.changes(EVERYTHING, HOUR)
        many, shop.answered = len(shop.asked), []
        second = await source.changes(EVERYTHING, later)

    assert first == second
    paths = [one.path for one in shop.asked[many:]]
    assert not [path for path in paths if path.startswith(f"{ROOT}/commits/")]
    seen = [status for status in shop.answered if status != 404]  # three places where owners may be told
    assert sorted(seen) == [200, 304, 304, 304]  # the commits are listed up to another moment


@pytest.mark.anyio
async def test_the_same_window_is_asked_for_once(shop: Github) -> None:
    with served(shop) as url:
        source = GithubChanges(github(url), clock=lambda: NOW)
        await source.changes(EVERYTHING, HOUR)
        many = len(shop.asked)
        await source.changes(ChangeQuery(service="cart"), HOUR)

    assert len(shop.asked) == many


@pytest.mark.anyio
async def test_every_request_names_the_version_and_carries_the_token(shop: Github) -> None:
    await read(shop, token="s3cret")

    assert {one.headers["authorization"] for one in shop.asked} == {"Bearer s3cret"}
    assert {one.headers["x-github-api-version"] for one in shop.asked} == {"2022-11-28"}


@pytest.mark.anyio
async def test_lists_are_followed_over_their_pages(shop: Github) -> None:
    for at in range(5):
        shop.clone.commit("b.py", f"{at}\n", f"more {at}", START + at * MINUTE)
    shop.page = 2

    found = await read(shop)

    assert [one.message for one in found.commits] == ["first", "second", *(f"more {at}" for at in range(5))]
    assert found.remarks == ()


@pytest.mark.anyio
async def test_more_commits_than_are_read_are_told(shop: Github) -> None:
    for at in range(25):
        shop.clone.commit("b.py", f"{at}\n", f"more {at}", START + at * MINUTE)

    without = await read(shop, token="")

    assert len(without.commits) == 20
    assert without.commits[-1].message == "more 24"
    (remark,) = without.remarks
    assert remark == (
        "GitHub acme/checkout: only the latest 20 commits of the week were read; with ROOTLINE_GITHUB_TOKEN more are"
    )


def limited(**headers: str) -> Callable[[Asked], Said]:
    body = json.dumps({"message": "API rate limit exceeded for user ID 1."})
    return lambda _: said(body, 403, **headers)


RESET = str(math.floor((NOW + timedelta(minutes=20)).timestamp()))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("answer", "until"),
    [
        (limited(x_ratelimit_remaining="0", x_ratelimit_reset=RESET), "2026-03-01T13:20:00Z"),
        (limited(retry_after="90"), "2026-03-01T13:01:30Z"),
        (limited(), "2026-03-01T13:01:00Z"),
        (limited(x_ratelimit_remaining="0", x_ratelimit_reset="soon"), "2026-03-01T13:01:00Z"),
        (limited(retry_after="9" * 12), "2026-03-01T15:00:00Z"),
        (lambda _: said("", 429, retry_after="5"), "2026-03-01T13:00:05Z"),
    ],
    ids=["primary", "secondary", "no header", "odd header", "absurd", "429"],
)
async def test_a_rate_limit_says_until_when_and_is_kept(
    shop: Github, answer: Callable[[Asked], Said], until: str
) -> None:
    shop.refuse = answer
    with served(shop) as url:
        source = GithubChanges(github(url), clock=lambda: NOW)
        for _ in range(2):
            with pytest.raises(SourceFailed, match=f"its rate limit is used up until {until}. Ask again after that"):
                await source.changes(EVERYTHING, HOUR)

    assert len(shop.asked) == 1


@pytest.mark.anyio
async def test_after_the_limit_it_is_asked_again(shop: Github) -> None:
    moment = [NOW]
    shop.refuse = limited(retry_after="60")
    with served(shop) as url:
        source = GithubChanges(github(url), clock=lambda: moment[0])
        with pytest.raises(SourceFailed):
            await source.changes(EVERYTHING, HOUR)
        shop.refuse, moment[0] = lambda _: None, NOW + timedelta(seconds=61)
        found = await source.changes(EVERYTHING, HOUR)

    assert len(found.commits) == 2


@pytest.mark.anyio
async def test_without_a_token_a_limit_says_that_one_would_help(shop: Github) -> None:
    shop.refuse = limited(retry_after="60")

    with pytest.raises(SourceFailed, match="Set ROOTLINE_GITHUB_TOKEN to a fine-grained token with read access"):
        await read(shop, token="")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("status", "token", "told"),
    [
        (401, "s3cret", "it answers 401: the token was refused"),
        (401, "", "it answers 401: it wants a token"),
        (403, "s3cret", "it answers 403: Resource not accessible"),
        (404, "", "for a private repository set ROOTLINE_GITHUB_TOKEN"),
        (500, "s3cret", "it answers 500"),
    ],
)
async def test_each_refusal_has_its_own_sentence(shop: Github, status: int, token: str, told: str) -> None:
    shop.refuse = lambda _: said(json.dumps({"message": "Resource not accessible"}), status)

    with pytest.raises(SourceFailed, match=told) as failed:
        await read(shop, token=token)

    assert "s3cret" not in str(failed.value)


@pytest.mark.anyio
@pytest.mark.parametrize("case", [name for name in BAD if name not in {"another path", "too often", "a login"}])
async def test_bad_answers_have_the_usual_sentences(case: str) -> None:
    answer, told = BAD[case]

    with answering(answer) as url, pytest.raises(SourceFailed) as failed:
        await GithubChanges(github(url), clock=lambda: NOW).changes(EVERYTHING, HOUR)

    assert told in str(failed.value)


@pytest.mark.anyio
@pytest.mark.parametrize("body", ["42", "[]", "{}", '[{"sha": 5}]', '{"full_name": []}', "[null]", '[{"id":"x"}]'])
async def test_what_describes_no_repository_is_no_github_rather_than_one_without_changes(body: str) -> None:
    with answering(lambda _: said(body)) as url:
        source = GithubChanges(github(url), clock=lambda: NOW)
        for ask in (lambda: source.changes(EVERYTHING, HOUR), source.about):
            with pytest.raises(SourceFailed, match="it describes no repository"):
                await ask()


@pytest.mark.anyio
async def test_a_renamed_repository_is_read_under_its_new_name_and_that_is_told(shop: Github) -> None:
    shop.name = "till"

    def moved(asked: Asked) -> Said | None:
        if not asked.path.startswith(ROOT):
            return None
        where = f"http://{asked.headers['host']}/repos/{OWNER}/till"
        return said("", 301, location=where)

    shop.refuse = moved
    found = await read(shop)

    assert len(found.commits) == 2
    assert found.commits[0].repository == NAME
    (remark,) = found.remarks
    assert remark.endswith("it is called acme/till now; write that name in ROOTLINE_GITHUB_REPOSITORY")
    assert [one.path for one in shop.asked].count(ROOT) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("where", ["http://evil.example/repos/x/y", "//evil.example/", "http://[", "/repos/x/y"])
async def test_the_token_goes_to_no_other_server(shop: Github, where: str) -> None:
    shop.refuse = lambda _: said("", 301, location=where)

    with pytest.raises(SourceFailed, match="it redirects to"):
        await read(shop)

    assert len(shop.asked) == 1


@pytest.mark.anyio
async def test_a_repository_that_redirects_in_circles_is_left(shop: Github) -> None:
    shop.refuse = lambda asked: said("", 301, location=f"http://{asked.headers['host']}{ROOT}")

    with pytest.raises(SourceFailed, match="it redirects more than once"):
        await read(shop)


@pytest.mark.anyio
async def test_pages_on_another_server_are_not_followed(shop: Github) -> None:
    shop.refuse = lambda asked: (
        said("[]", link='<http://evil.example/>; rel="next"') if asked.path.endswith("/pulls") else None
    )

    assert len((await read(shop)).commits) == 2


@pytest.mark.anyio
@pytest.mark.parametrize("what", ["deployments", "pulls"])
async def test_what_the_token_may_not_read_is_left_out_and_told(shop: Github, what: str) -> None:
    refused = said(json.dumps({"message": "Resource not accessible by personal access token"}), 403)
    shop.refuse = lambda asked: refused if asked.path == f"{ROOT}/{what}" else None

    found = await read(shop)

    assert len(found.commits) == 2
    (remark,) = found.remarks
    assert "may not be read: it answers 403: Resource not accessible by personal access token" in remark


@pytest.mark.anyio
async def test_an_empty_repository_has_no_commits(shop: Github) -> None:
    empty = json.dumps({"message": "Git Repository is empty."})
    shop.refuse = lambda asked: said(empty, 409) if asked.path == f"{ROOT}/commits" else None

    found = await read(shop)

    assert (found.commits, found.remarks) == ((), ("GitHub acme/checkout: it has no commits",))


@pytest.mark.anyio
async def test_deployments_count_from_their_success_and_failed_ones_do_not(shop: Github) -> None:
    first, second = shas(shop)
    shop.shipments = [
        succeeded(first, START),
        Shipment(
            sha=second,
            ref="v2",
            at=START + MINUTE,
            statuses=(("queued", START + MINUTE), ("failure", START + 2 * MINUTE)),
        ),
        Shipment(sha=second, ref="v2.1", at=START + 3 * MINUTE, statuses=(("in_progress", START + 3 * MINUTE),)),
        Shipment(sha=second, ref="v3", at=START + 4 * MINUTE),
    ]

    found = (await read(shop)).deployments

    assert [(one.version, one.at, one.previous_commit) for one in found] == [
        ("main", START, ""),
        ("v3", START + 4 * MINUTE, first),
    ]
    assert found[1].moved is not None
    assert (found[1].moved.relation, found[1].moved.came) == ("forward", (second,))


@pytest.mark.anyio
async def test_only_production_counts_unless_environments_are_named(shop: Github) -> None:
    first, second = shas(shop)
    shop.shipments = [
        succeeded(first, START, environment="staging"),
        succeeded(second, START + MINUTE),
        succeeded(second, START + 2 * MINUTE, environment="canary"),
    ]

    usual, named = await read(shop), await read(shop, environments="canary, staging")
    shop.shipments = shop.shipments[:1]
    only = await read(shop)

    assert [one.at for one in usual.deployments] == [START + MINUTE]
    assert [one.version for one in named.deployments] == ["main in staging", "main in canary"]
    assert [one.at for one in only.deployments] == [START]


@pytest.mark.anyio
async def test_rollbacks_and_forced_pushes_are_told_with_what_they_took_back(shop: Github) -> None:
    first, second = shas(shop)
    shop.git("checkout", "-q", "-b", "other", first)
    other = shop.clone.commit("c.py", "1\n", "other", START + MINUTE)
    shop.git("checkout", "-q", "main")
    ordered = [second, first, second, other, other, "f" * 40]
    shop.shipments = [succeeded(sha, START + at * MINUTE) for at, sha in enumerate(ordered)]
    shop.page = 1

    found = await read(shop)

    told = [(one.moved.relation, one.moved.came, one.moved.left) for one in found.deployments if one.moved]
    assert told == [
        ("first", (first, second), ()),
        ("rollback", (), (second,)),
        ("forward", (second,), ()),
        ("rewritten", (other,), (second,)),
        ("same", (), ()),
        ("unknown", (), ()),
    ]
    assert found.deployments[-1].moved is not None
    assert "GitHub cannot compare" in found.deployments[-1].moved.why
    assert "other" in [one.message for one in found.commits]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("files", "relation", "why"), [([{"filename": "a.py"}], "forward", ""), ([], "unknown", "only merges lie between")]
)
async def test_a_merge_that_brings_no_other_commit_counts_if_it_changes_a_file(
    shop: Github, files: list[dict[str, str]], relation: str, why: str
) -> None:
    first, second = shas(shop)
    shop.shipments = [succeeded(first, START), succeeded(second, START + MINUTE)]
    merge = {"sha": second, "commit": {"message": "merge"}, "parents": [{"sha": first}, {"sha": "e" * 40}]}
    held = {"status": "ahead", "total_commits": 1, "commits": [merge], "files": files}
    shop.refuse = lambda asked: said(json.dumps(held)) if "/compare/" in asked.path else None

    moved = (await read(shop)).deployments[1].moved

    assert moved is not None
    assert (moved.relation, moved.came) == (relation, (second,) if files else ())
    assert why in moved.why


@pytest.mark.anyio
async def test_a_comparison_that_lists_fewer_commits_than_it_counts_is_not_whole(shop: Github) -> None:
    first, second = shas(shop)
    shop.shipments = [succeeded(first, START), succeeded(second, START + MINUTE)]
    shop.hidden = 400

    moved = (await read(shop)).deployments[1].moved

    assert moved is not None
    assert (moved.came, moved.is_whole) == ((second,), False)
    assert moved.why == "the repository lists more commits than were read"


@pytest.mark.anyio
async def test_diffs_that_were_not_sent_are_marked(shop: Github) -> None:
    (shop.clone.folder / "logo.bin").write_bytes(bytes(range(256)))
    shop.git("add", "logo.bin")
    sha = shop.clone.commit("a.py", "3\n", "with a picture", START + MINUTE)

    found = await read(shop)

    assert found.remarks == (f"GitHub acme/checkout: parts of the diff of 1 commits were not sent: {sha[:7]}",)
    assert "diff --git a/logo.bin b/logo.bin\nindex added: GitHub sent no diff of this file" in found.commits[-1].diff
    assert found.commits[-1].files == ("a.py", "logo.bin")


@pytest.mark.anyio
async def test_a_file_without_words_has_no_diff_that_could_be_missing(shop: Github) -> None:
    blob = {"sha": "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "filename": "p/__init__.py", "status": "added"}
    moved = {"sha": "1" * 40, "filename": "new.sh", "previous_filename": "old.sh", "status": "renamed", "changes": 0}
    last = shas(shop)[1]

    def answer(files: list[dict[str, object]]) -> Callable[[Asked], Said | None]:
        held = {"sha": last, "commit": {"message": "m"}, "files": files}
        return lambda asked: said(json.dumps(held)) if asked.path == f"{ROOT}/commits/{last}" else None

    shop.refuse = answer([{**blob, "changes": 0}, moved, {**moved, "status": "changed"}])
    whole = await read(shop)
    shop.refuse = answer([{**moved, "changes": 9000}])
    cut = await read(shop)

    assert whole.remarks == ()
    assert cut.remarks == (f"GitHub acme/checkout: parts of the diff of 1 commits were not sent: {last[:7]}",)


@pytest.mark.anyio
@pytest.mark.parametrize("status", [422, 500, 502, 503])
async def test_a_diff_that_takes_github_too_long_costs_that_diff_alone(shop: Github, status: int) -> None:
    first, second = shas(shop)
    shop.shipments = [succeeded(first, START), succeeded(second, START + MINUTE)]
    slow = json.dumps({"message": "Server Error: Sorry, this diff is taking too long to generate."})
    hard = {f"{ROOT}/commits/{second}", f"{ROOT}/compare/{first}...{second}"}
    shop.refuse = lambda asked: said(slow, status) if asked.path in hard else None

    found = await read(shop)

    assert [(one.message, bool(one.diff)) for one in found.commits] == [("first", True), ("second", False)]
    moved = found.deployments[1].moved
    assert moved is not None
    assert moved.relation == "unknown"
    assert f"it answers {status}: Server Error: Sorry, this diff" in moved.why


@pytest.mark.anyio
async def test_one_of_several_repositories_that_is_closed_is_told_and_the_others_are_read(shop: Github) -> None:
    with served(shop) as url:
        several = github_access("acme/gone,acme/checkout", setting="ROOTLINE_GITHUB_REPOSITORY", url=url, token="given")
        found = await GithubChanges(several, clock=lambda: NOW).changes(EVERYTHING, HOUR)
        closed = github_access("acme/gone,acme/lost", setting="ROOTLINE_GITHUB_REPOSITORY", url=url, token="given")
        with pytest.raises(SourceFailed, match="acme/gone: it answers 404"):
            await GithubChanges(closed, clock=lambda: NOW).changes(EVERYTHING, HOUR)

    assert len(found.commits) == 2
    (remark,) = found.remarks
    assert "acme/gone: it answers 404" in remark


@pytest.mark.anyio
async def test_a_suspended_app_is_told_what_to_do_about_it(shop: Github) -> None:
    body = json.dumps({"message": "This installation has been suspended", "documentation_url": "x", "status": "403"})
    shop.refuse = lambda _: said(body, 403)

    with pytest.raises(SourceFailed, match=r"has been suspended.* An owner of the organisation unsuspends"):
        await read(shop)


@pytest.mark.anyio
async def test_a_commit_that_is_too_large_is_told_without_its_diff(shop: Github) -> None:
    large = shas(shop)[1]
    flood = BAD["500 MB"][0]
    shop.refuse = lambda asked: flood(asked) if asked.path == f"{ROOT}/commits/{large}" else None

    found = await read(shop)

    assert [(one.message, bool(one.diff)) for one in found.commits] == [("first", True), ("second", False)]
    assert found.commits[1].at == START
    assert len(found.remarks) == 1


@pytest.mark.anyio
async def test_renamed_added_and_removed_files_are_told_as_git_tells_them(shop: Github) -> None:
    shop.git("mv", "a.py", "b.py")
    shop.clone.commit("c.py", "new\n", "rename and add", START + MINUTE)
    shop.git("rm", "-q", "c.py")
    shop.clone.commit("d.py", "x\n", "remove", START + 2 * MINUTE)

    moved, removed = (await read(shop)).commits[-2:]

    assert "diff --git a/a.py b/b.py" in moved.diff
    assert "--- /dev/null\n+++ b/c.py\n@@ -0,0 +1 @@\n+new" in moved.diff
    assert "--- a/c.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-new" in removed.diff


@pytest.mark.anyio
async def test_the_pull_request_behind_a_commit_is_told(shop: Github) -> None:
    first, second = shas(shop)
    merged = {"merged_at": "2026-02-28T12:00:00Z", "head": {"sha": "b" * 40}, "merge_commit_sha": second}
    shop.pulls = [
        {"number": 12, "title": "Use fewer\nconnections", **merged},
        {"number": 13, "title": "closed", "merged_at": None, "head": {"sha": first}, "merge_commit_sha": first},
    ]

    found = await read(shop)

    assert [one.message for one in found.commits] == ["first", "second\n\nPull request #12: Use fewer connections"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("", "0 repositories are named"),
        ("checkout", "'checkout' is no repository"),
        ("acme/../admin", "is no repository"),
        ("../..", "is no repository"),
        ("acme/check out", "is no repository"),
        ("acme/x?y", "is no repository"),
        (",".join(f"a/{number}" for number in range(11)), "11 repositories are named"),
    ],
)
def test_a_repository_is_named_as_owner_and_name(given: str, told: str) -> None:
    with pytest.raises(Misconfigured, match=told.replace("?", r"\?")):
        github_access(given, setting="ROOTLINE_GITHUB_REPOSITORY")


@pytest.mark.parametrize(
    ("given", "api", "web"),
    [
        ("", "https://api.github.com", "https://github.com"),
        ("https://github.com/", "https://api.github.com", "https://github.com"),
        ("https://git.example", "https://git.example/api/v3", "https://git.example"),
        ("https://git.example/api/v3/", "https://git.example/api/v3", "https://git.example"),
        ("https://acme.ghe.com/", "https://api.acme.ghe.com", "https://acme.ghe.com"),
        ("https://api.acme.ghe.com", "https://api.acme.ghe.com", "https://acme.ghe.com"),
    ],
)
def test_an_enterprise_server_is_found_by_its_own_address(given: str, api: str, web: str) -> None:
    access = github_access("acme/checkout", setting="ROOTLINE_GITHUB_REPOSITORY", url=given)

    assert (access.backend.url, access.web_url) == (api, web)


@pytest.mark.anyio
async def test_of_several_files_of_owners_the_first_by_githubs_order_counts(shop: Github) -> None:
    (shop.clone.folder / "docs").mkdir()
    shop.clone.commit("docs/CODEOWNERS", "* @acme/writers\n", "owners", START)
    shop.clone.commit("CODEOWNERS", "* @acme/all\n", "owners at the root", START)

    found = await read(shop)

    assert found.owners == (CodeOwners(text="* @acme/all\n", repository="checkout", path="CODEOWNERS"),)


@pytest.mark.anyio
async def test_without_a_token_no_request_is_spent_on_owners(shop: Github) -> None:
    shop.clone.commit("CODEOWNERS", "* @acme/all\n", "owners", START)

    found = await read(shop, token="")

    assert found.owners == ()
    assert not [one.path for one in shop.asked if "/contents/" in one.path]


@pytest.mark.anyio
async def test_owners_that_may_not_be_read_are_told_and_the_rest_is_read(shop: Github) -> None:
    shop.refuse = lambda asked: said("{}", 403) if "/contents/" in asked.path else None

    found = await read(shop)

    assert found.commits
    assert found.owners == ()
    assert ".github/CODEOWNERS may not be read" in found.remarks[0]


@pytest.mark.anyio
@pytest.mark.parametrize(
    "held",
    [
        "[]",
        "null",
        json.dumps({"type": "symlink", "encoding": "base64", "content": "YQ=="}),
        json.dumps({"type": "file", "encoding": "none", "content": ""}),
        json.dumps({"type": "file", "encoding": "base64", "content": 7}),
        json.dumps({"type": "file", "encoding": "base64", "content": "a"}),
    ],
)
async def test_what_is_no_file_of_owners_is_none(shop: Github, held: str) -> None:
    shop.refuse = lambda asked: said(held) if "/contents/" in asked.path else None

    assert (await read(shop)).owners == ()
