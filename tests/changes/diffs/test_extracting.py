"""Code that only gets a definition of its own."""

import pytest

from rootline.changes.diffs.diff import parse
from rootline.changes.diffs.extracting import extracts
from rootline.changes.diffs.net import net

MOVED = """@@ cmd/main.go
-	for {
-		msg := fetch(ctx)
-		handle(msg)
-	}
+	consume.Loop(ctx)
@@ internal/consume/loop.go
+func Loop(ctx context.Context) {
+	for {
+		msg := fetch(ctx)
+		handle(msg)
+	}
+}
"""
FILES = ("cmd/main.go", "internal/consume/loop.go")


def says(diff: str) -> bool:
    return extracts(net(parse(diff, FILES)))


def test_lines_that_move_into_a_function_that_is_called_where_they_stood_do_nothing_new() -> None:
    assert says(MOVED)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("+		handle(msg)", "+		go handle(msg)"),
        ("+	consume.Loop(ctx)", "+	go start(ctx)"),
        ("-		handle(msg)", "-		handle(msg)\n-		ack(msg)"),
        ("+func Loop(ctx context.Context) {", "+func Loop(ctx context.Context) {\n+	defer cancel()"),
    ],
)
def test_a_line_that_differs_or_is_lost_on_the_way_is_more_than_a_move(old: str, new: str) -> None:
    assert not says(MOVED.replace(old, new))


def test_few_lines_that_move_prove_nothing() -> None:
    assert not says("@@ cmd/main.go\n-	handle(msg)\n+	run(msg)\n+func run(msg Msg) {\n+	handle(msg)\n+}\n")
