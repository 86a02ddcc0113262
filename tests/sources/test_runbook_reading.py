"""Runbooks out of a folder, a real git repository and a wiki's export, and what is left out of each."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.fakes.clone import Clone

from rootline.sources.failure import SourceFailed
from rootline.sources.runbooks.export import read_export
from rootline.sources.runbooks.folder import read_folder
from rootline.sources.runbooks.git import read_repository
from rootline.sources.runbooks.html_text import LONGEST_HTML, MOST_TAGS, TooNested, read_html
from rootline.sources.runbooks.markdown import LONGEST_PAGE, read_page
from rootline.sources.runbooks.places import Place

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAGE = """<!DOCTYPE html><html><head><title>Ops : DB failover</title><style>.x{{color:red}}</style></head>
<body><div id="page"><div id="breadcrumb-section"><ol id="breadcrumbs"><li><a href="index.html">Ops</a></li></ol></div>
<h1 id="title-heading"><span id="title-text"> Ops : DB failover </span></h1>
<div class="page-metadata">Created by <span class='author'> Ada L.</span>, last modified by
<span class='editor'> Bob K.</span> on Nov 01, 2026</div>
<div id="main-content" class="wiki-content group">{body}</div></div>
<div id="footer">Powered by a wiki</div></body></html>
"""
BODY = """<h2>When the primary dies</h2><p>Promote the <strong>okapi</strong> replica with <code>pg_ctl</code>:</p>
<div class="code panel"><pre class="syntaxhighlighter-pre">pg_ctl promote
  # not a heading</pre></div>
<ul><li>Tell the team<ul><li>in the channel</li></ul></li><li>Watch the lag</li></ul>
<table><tbody><tr><th>Step</th><th>Who</th></tr><tr><td>Promote</td><td>DBA</td></tr></tbody></table>
<script>alert("never")</script><!-- never --><style>never</style><nav>never</nav>"""


def test_a_row_of_a_table_is_one_line_though_its_cells_hold_paragraphs() -> None:
    cells = "<td><p>PoolFull</p><p>PoolSlow</p></td><td><div>page<br>the DBA</div></td>"
    rows = f"<tr>{cells}</tr><tr><td><p>see</p><ul><li>one</li><li>two</li></ul></td><td>x</td></tr>"

    page = read_html(f"<main><table><tbody>{rows}</tbody></table><p>behind</p><p>it</p></main>")

    first, *others = [one for one in page.markdown.splitlines() if one]
    assert first == "PoolFull PoolSlow | page the DBA |"
    assert others[-2:] == ["behind", "it"]
    assert [one for one in others if one.startswith("- ")] == ["- one", "- two"]


def test_the_head_of_a_page_says_what_it_says_and_anything_else_in_it_is_left() -> None:
    page = read_page(
        "pool",
        "---\ntitle: Pools\ndate: 2026-01-01\nowner: db  team\nrisk: high\nminutes: 9\ntags: [db, pool]\n---\n# P\n\nx",
    )

    assert (page.title, page.owner, page.risk, page.minutes, page.tags) == (
        "Pools",
        "db team",
        "high",
        9,
        ("db", "pool"),
    )
    assert page.body == "# P\n\nx\n"


@pytest.mark.parametrize("head", ["---\n: : :\n---\n", "---\n[1, 2]\n---\n", "---\nminutes: soon\nrisk: [a]\n---\n"])
def test_a_head_that_says_nothing_leaves_the_page(head: str) -> None:
    page = read_page("pool", f"{head}# Title\n\nwords")

    assert (page.title, page.body, page.risk, page.minutes) == ("Title", "# Title\n\nwords\n", "", 0)


def test_a_version_changes_with_the_words() -> None:
    assert read_page("a", "x").version == read_page("a", "x").version != read_page("a", "y").version


def test_a_mounted_config_map_is_read_though_its_files_are_links(tmp_path: Path) -> None:
    (tmp_path / "..2026").mkdir()
    (tmp_path / "..2026" / "pool.md").write_text("# Pool")
    (tmp_path / "..data").symlink_to("..2026")
    (tmp_path / "pool.md").symlink_to("..data/pool.md")
    (tmp_path / "gone.md").symlink_to("..data/gone.md")
    (tmp_path / "self.md").symlink_to("self.md")
    (tmp_path / "outside.md").symlink_to("/etc/hostname")

    assert [(one.name, one.title) for one in read_folder(tmp_path).runbooks] == [("pool", "Pool")]


def test_the_mark_that_some_editors_begin_a_file_with_hides_no_head(tmp_path: Path) -> None:
    (tmp_path / "pool.md").write_bytes("\ufeff---\ntitle: Pools\n---\n# P\n\nx".encode())

    (page,) = read_folder(tmp_path).runbooks

    assert (page.title, page.body) == ("Pools", "# P\n\nx\n")


def test_a_folder_is_read_with_those_below_it_and_hidden_files_links_and_others_are_not(tmp_path: Path) -> None:
    books = tmp_path / "books"
    (books / "db" / ".git").mkdir(parents=True)
    (books / "top.md").write_text("# Top\n\nwords")
    (books / "db" / "pool.MD").write_text("raise the pool")
    (books / "db" / ".git" / "no.md").write_text("never")
    (books / "notes.txt").write_text("never")
    (tmp_path / "secret.md").write_text("never")
    (books / "link.md").symlink_to(tmp_path / "secret.md")

    shelved = read_folder(books)

    assert [(one.name, one.title) for one in shelved.runbooks] == [("top", "Top"), ("db/pool", "db/pool")]
    assert shelved.left_out == ()


def test_pages_that_cannot_be_read_are_left_out_and_told(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("words")
    (tmp_path / "binary.md").write_bytes(b"\xff\xfe")
    (tmp_path / "long.md").write_bytes(b"x" * (LONGEST_PAGE + 1))

    shelved = read_folder(tmp_path)

    assert [one.name for one in shelved.runbooks] == ["good"]
    assert shelved.left_out == ("binary: no UTF-8 text", "long: longer than 400,000 bytes")


@pytest.mark.anyio
async def test_a_repository_is_read_at_its_newest_commit_and_fetched_when_asked(tmp_path: Path) -> None:
    clone = Clone(tmp_path / "docs")
    (clone.folder / "books").mkdir()
    clone.commit("books/pool.md", "# Pool\n\nraise it", "one", AT)
    clone.commit("README.md", "never", "two", AT)
    place, cache = Place(kind="git", where=f"file://{clone.folder}", under="books"), tmp_path / "cache"

    first = await read_repository(place, cache, fetch=False)
    clone.commit("books/disk.md", "# Disk\n\nprune", "three", AT)
    kept = await read_repository(place, cache, fetch=False)
    fetched = await read_repository(place, cache, fetch=True)

    assert [(one.name, one.title) for one in first.runbooks] == [("pool", "Pool")]
    assert first.runbooks[0].source_url == f"file://{clone.folder}#books/pool.md"
    assert [one.name for one in kept.runbooks] == ["pool"]
    assert [one.name for one in fetched.runbooks] == ["disk", "pool"]


@pytest.mark.anyio
async def test_what_was_fetched_before_is_read_while_a_repository_is_away_and_that_is_told(tmp_path: Path) -> None:
    clone, cache = Clone(tmp_path / "ops"), tmp_path / "cache"
    clone.commit("pool.md", "# Pool\n\nokapi", "pool", AT)
    place = Place(kind="git", where=f"file://{clone.folder}")
    await read_repository(place, cache, fetch=True)
    clone.folder.rename(tmp_path / "away")

    kept = await read_repository(place, cache, fetch=True)

    assert [one.title for one in kept.runbooks] == ["Pool"]
    (told,) = kept.left_out
    assert told.startswith(
        f"what is newer than the last fetch: git fetch file://{clone.folder}: fatal: '{clone.folder}' "
    )
    assert told.endswith(
        "does not appear to be a git repository. Try `git ls-remote` with the same address: address, "
        "access or branch is wrong."
    )


@pytest.mark.anyio
async def test_a_repository_that_was_never_fetched_is_fetched_by_the_next_question(tmp_path: Path) -> None:
    folder, cache = tmp_path / "ops", tmp_path / "cache"
    place = Place(kind="git", where=f"file://{folder}")
    with pytest.raises(SourceFailed):
        await read_repository(place, cache, fetch=True)
    Clone(folder).commit("pool.md", "# Pool\n\nokapi", "pool", AT)

    read = await read_repository(place, cache, fetch=False)

    assert [one.title for one in read.runbooks] == ["Pool"]


@pytest.mark.anyio
async def test_a_force_push_that_takes_a_page_away_is_followed(tmp_path: Path) -> None:
    clone, cache = Clone(tmp_path / "ops"), tmp_path / "cache"
    clone.commit("one.md", "# One", "one", AT)
    place = Place(kind="git", where=f"file://{clone.folder}")
    await read_repository(place, cache, fetch=True)
    clone.git("checkout", "--quiet", "--orphan", "anew", at=AT)
    clone.git("rm", "--quiet", "-r", "-f", ".", at=AT)
    clone.commit("two.md", "# Two", "two", AT)

    read = await read_repository(place, cache, fetch=True)

    assert [one.title for one in read.runbooks] == ["Two"]


@pytest.mark.anyio
async def test_a_branch_is_read_when_it_is_named_and_links_in_it_are_not(tmp_path: Path) -> None:
    clone = Clone(tmp_path / "docs")
    clone.commit("a.md", "main", "one", AT)
    clone.git("checkout", "-q", "-b", "next", at=AT)
    (clone.folder / "evil.md").symlink_to("/etc/hostname")
    clone.commit("b.md", "next", "two", AT)
    clone.git("checkout", "-q", "-", at=AT)

    shelved = await read_repository(
        Place(kind="git", where=f"file://{clone.folder}", ref="next"), tmp_path / "cache", fetch=True
    )

    assert [one.name for one in shelved.runbooks] == ["a", "b"]


@pytest.mark.anyio
@pytest.mark.parametrize("ref", ["", "nowhere"])
async def test_a_repository_that_cannot_be_fetched_is_told(tmp_path: Path, ref: str) -> None:
    place = Place(kind="git", where=f"file://{tmp_path}/nothing", ref=ref)

    with pytest.raises(SourceFailed, match=r"git fetch file://.*git ls-remote"):
        await read_repository(place, tmp_path / "cache", fetch=True)


def test_a_wiki_s_page_becomes_markdown_without_scripts_styles_and_navigation() -> None:
    page = read_html(PAGE.format(body=BODY))

    assert page.title == "Ops : DB failover"
    assert page.markdown == (
        "## When the primary dies\n\nPromote the okapi replica with `pg_ctl`:\n\n"
        "```\npg_ctl promote\n  # not a heading\n```\n\n"
        "- Tell the team\n- in the channel\n\n- Watch the lag\n\n"
        "Step | Who |\nPromote | DBA |\n"
    )


@pytest.mark.parametrize(
    "text",
    ["", "<", "<html>", "plain words", "<p>" * 5_000, "<!--" * 50_000, "<a " * 100_000, "&" * 100_000, "\x00<b>\x00"],
)
def test_html_of_any_kind_is_read_or_refused_in_time(text: str) -> None:
    try:
        assert "<p>" not in read_html(text).markdown
    except TooNested:
        assert text.count("<") > MOST_TAGS


def test_an_export_is_read_from_a_folder_as_from_a_zip(tmp_path: Path) -> None:
    folder = tmp_path / "OPS"
    folder.mkdir()
    (folder / "index.html").write_text("<a href='DB-failover_1234567.html'>DB failover</a>")
    (folder / "DB-failover_1234567.html").write_text(PAGE.format(body=BODY))
    (folder / "Empty_1234568.html").write_text(PAGE.format(body="<script>x</script>"))
    with zipfile.ZipFile(tmp_path / "OPS.zip", "w") as packed:
        for file in sorted(folder.iterdir()):
            packed.write(file, f"OPS/{file.name}")

    filed, zipped = read_export(folder), read_export(tmp_path / "OPS.zip")

    assert [(one.name, one.title, one.owner, one.tags) for one in filed.runbooks] == [
        ("DB failover", "DB failover", "Bob K.", ("Ops",))
    ]
    assert [one.body for one in filed.runbooks] == [one.body for one in zipped.runbooks]
    assert (filed.left_out, zipped.left_out) == (
        ("Empty_1234568.html: no words",),
        ("OPS/Empty_1234568.html: no words",),
    )


def test_pages_of_one_title_are_told_apart_by_their_number(tmp_path: Path) -> None:
    for number in (1234567, 7654321):
        (tmp_path / f"DB-failover_{number}.html").write_text(PAGE.format(body=f"<p>{number}</p>"))

    assert [one.name for one in read_export(tmp_path).runbooks] == ["DB failover (1234567)", "DB failover (7654321)"]


def test_a_zip_that_is_none_or_lies_about_its_size_is_told(tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 nothing")
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("Bomb_1.html", b"x" * (4 * LONGEST_HTML))

    with pytest.raises(SourceFailed, match="no zip that can be read"):
        read_export(tmp_path / "bad.zip")
    assert read_export(tmp_path / "bomb.zip").left_out == ("Bomb_1.html: longer than 2,000,000 bytes",)
