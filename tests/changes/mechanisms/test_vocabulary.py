"""Enumerations that gain a member."""

import pytest

from rootline.changes.diffs.diff import parse
from rootline.changes.diffs.net import net
from rootline.changes.mechanisms.vocabulary import vocabulary


def found(file: str, diff: str) -> list[str]:
    changed = net(parse(diff, (file,)))
    return [line.text.strip() for one in vocabulary(changed, frozenset({"lost", "state"})) for line in one.lines]


@pytest.mark.parametrize(
    ("file", "diff", "line"),
    [
        (
            "trip.avsc",
            '@@\n   "type": "enum", "symbols": ["A1",\n-    "DONE"]\n+    "DONE", "LOST"]\n',
            '"DONE", "LOST"]',
        ),
        ("trip.proto", "@@ enum State {\n   DONE = 1;\n+  LOST = 2;\n }\n", "LOST = 2;"),
        ("states.ts", '@@ export enum State\n   Done = "done",\n+  Lost = "lost",\n', 'Lost = "lost",'),
        ("state.rs", "@@\n pub enum State {\n     Done,\n+    Lost,\n }\n", "Lost,"),
        ("schema.graphql", "@@\n enum State {\n   DONE\n+  LOST\n }\n", "LOST"),
    ],
)
def test_a_new_member_is_found_in_schemas_and_in_code(file: str, diff: str, line: str) -> None:
    assert found(file, diff) == [line]


@pytest.mark.parametrize(
    ("file", "diff"),
    [
        ("state.rs", "@@\n pub enum State {\n-    Done,\n+    Finished,\n }\n"),
        ("state.rs", "@@\n+pub enum State {\n+    Done,\n+}\n"),
        ("state.py", '@@\n+NAMES = ["a", "b"]\n'),
        ("state.ts", '@@ export enum State\n-  Done = "done",\n+  Done = "done", // was finished\n'),
        ("state.ts", "@@ export enum State\n" + " \n" * 30 + '+  Lost = "lost",\n'),
    ],
)
def test_renamed_members_other_lists_and_lines_far_away_are_none(file: str, diff: str) -> None:
    assert found(file, diff) == []


@pytest.mark.parametrize(("spoken", "told"), [("journey", 1), ("lost", 1), ("done", 0), ("enum", 0), ("state", 0)])
def test_it_tells_nothing_of_errors_that_name_neither_the_set_nor_what_is_new(spoken: str, told: int) -> None:
    changed = net(parse("@@ enum Journey {\n   DONE = 1;\n+  LOST = 2;\n }\n", ("trip.proto",)))

    assert len(vocabulary(changed, frozenset({spoken}))) == told
