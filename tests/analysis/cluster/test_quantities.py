"""What kubectl prints as numbers, ages and tables reads back as it was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.analysis.cluster.tables import rows
from rootline.analysis.cluster.text import QUOTE_LIMIT, age_s, numbered, quantity, quoted, whole


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("0.5", 0.5),
        ("100m", 0.1),
        ("250000n", 0.00025),
        ("1500u", 0.0015),
        ("64Mi", 64 * 2**20),
        ("1Gi", 2**30),
        ("2Ti", 2**41),
        ("1Ei", 2**60),
        ("129M", 129e6),
        ("1k", 1000),
        ("1K", 1000),
        ("2P", 2e15),
        ("1E", 1e18),
        ("12e6", 12e6),
        ("1E3", 1000),
        ("1e-3", 0.001),
        ("1.", 1),
        (" '512Mi' ", 512 * 2**20),
        ('"2"', 2),
    ],
)
def test_a_quantity_of_kubernetes_is_a_number(text: str, value: float) -> None:
    assert quantity(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "x", "Mi", "1Xi", "-1", "1 Gi", "1GiB", "1ee", "1,5", "--", "1" * 40, "1mm"])
def test_what_is_no_quantity_is_none(text: str) -> None:
    assert quantity(text) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0s", 0),
        ("5s", 5),
        ("2m17s", 137),
        ("3h5m", 11_100),
        ("95d", 95 * 86_400),
        ("2d3h", 2 * 86_400 + 3 * 3_600),
        ("2y35d", (2 * 365 + 35) * 86_400),
        ("8y", 8 * 365 * 86_400),
        (" 4m ", 240),
    ],
)
def test_an_age_as_kubectl_prints_it_is_a_number_of_seconds(text: str, seconds: float) -> None:
    assert age_s(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "s", "5x", "5m ago", "<unknown>", "1h-5m", "five", "1.5h", "9" * 50 + "s"])
def test_what_is_no_age_is_none(text: str) -> None:
    assert age_s(text) is None


@given(days=st.integers(0, 9999), hours=st.integers(0, 23), minutes=st.integers(0, 59), seconds=st.integers(0, 59))
def test_every_age_of_any_parts_adds_up(days: int, hours: int, minutes: int, seconds: int) -> None:
    assert age_s(f"{days}d{hours}h{minutes}m{seconds}s") == ((days * 24 + hours) * 60 + minutes) * 60 + seconds


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), (" 7 ", 7), ("", -1), ("x", -1), ("-7", -1), ("7.5", -1), ("1234567890", -1), ("²", -1)],
)
def test_a_whole_number_is_one_or_the_default(text: str, number: int) -> None:
    assert whole(text, -1) == number


@given(text=st.text(max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert quantity(text) is None or quantity(text) is not None
    assert age_s(text) is None or (age_s(text) or 0.0) >= 0
    assert all(line.text.strip() and line.number > 0 for line in numbered(text))
    assert len(quoted(text)) <= QUOTE_LIMIT
    assert all(row.number > 1 for row in rows(text))


TABLE = """\
NAME                     READY   STATUS             RESTARTS      AGE
cart-5d8f4c7b9-x2x4z     0/1     CrashLoopBackOff   15 (2m ago)   95d
store-1                  1/1     Running            0             <unknown>
"""


def test_a_table_is_read_by_its_titles_with_the_number_of_each_line() -> None:
    first, second = rows(TABLE)

    assert (first.cell("NAME"), first.cell("RESTARTS"), first.number) == ("cart-5d8f4c7b9-x2x4z", "15 (2m ago)", 2)
    assert (second.cell("AGE"), second.cell("NODE"), second.number) == ("", "", 3)


def test_a_cell_that_is_empty_leaves_the_others_where_they_are() -> None:
    text = "NAME   CLASS   ADDRESS   PORTS   AGE\nshop   nginx             80      5m\n"

    (row,) = rows(text)

    assert (row.cell("CLASS"), row.cell("ADDRESS"), row.cell("PORTS"), row.cell("AGE")) == ("nginx", "", "80", "5m")


@pytest.mark.parametrize("text", ["", "No resources found.", "Name  Ready\na  b", "NAME\na", "\n\n"])
def test_what_is_no_table_has_no_rows(text: str) -> None:
    assert rows(text) == []


NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)


@given(cells=st.lists(st.tuples(NAMES, NAMES, NAMES), min_size=1, max_size=6))
def test_a_table_printed_in_columns_reads_back(cells: list[tuple[str, str, str]]) -> None:
    text = "\n".join(f"{one:<16}{two:<16}{three}" for one, two, three in [("NAME", "STATUS", "NODE"), *cells])

    assert [tuple(row.cells.values()) for row in rows(text)] == cells
