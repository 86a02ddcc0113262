import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rootline.claims.plain import clipped
from rootline.reports.escape import code, markdown_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words_with_bars stay-put v1.2", "plain words_with_bars stay-put v1.2"),
        ("# no heading", "\\# no heading"),
        ("- no list", "\\- no list"),
        ("12. no list", "12\\. no list"),
        ("a\n# b", "a # b"),
        ("[x](javascript:y)", "\\[x\\](javascript\\:y)"),
        ("see https://a.b and www.c.d", "see https\\://a.b and www\\.c.d"),
        ("_it_ *is* ~~so~~ `x`", "\\_it\\_ \\*is\\* \\~\\~so\\~\\~ \\`x\\`"),
        ("<img src=x>&amp;", "&lt;img src=x&gt;&amp;amp;"),
        ("back\\slash | bar", "back\\\\slash \\| bar"),
    ],
)
def test_markdown_shows_exactly_the_words(text: str, shown: str) -> None:
    assert markdown_text(text) == shown


@given(st.text(max_size=200))
def test_no_text_opens_a_tag_or_breaks_the_line(text: str) -> None:
    assert not re.search(r"[<>\n\r\x1b]", markdown_text(text))


@given(st.text(alphabet="`a| ", max_size=40))
def test_code_holds_any_backticks(text: str) -> None:
    written = code(text)
    fence = re.match("`*", written)

    assert fence
    assert f"{fence.group()}`" not in written[len(fence.group()) : -len(fence.group()) or None]


@given(st.text(max_size=120) | st.text(alphabet="ab_*`[]()<>!&;#~|\\\\-+.1: /", max_size=60))
def test_a_markdown_reader_sees_the_words_and_nothing_else(text: str) -> None:
    written = markdown_text(text)

    blocks = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(f"{written}\n\n- ✓ {written}")

    inline = [child for block in blocks for child in block.children or []]
    assert {child.type for child in inline} <= {"text"}
    assert "".join(child.content for child in inline) == (clipped(text, 600) + "✓ " + clipped(text, 600)).rstrip()


def test_long_text_is_cut() -> None:
    assert len(markdown_text("word " * 5000)) <= 601
