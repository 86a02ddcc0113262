"""Clusters are chosen by name, by label, or all at once."""

import pytest

from rootline.errors import Misconfigured, NotFound
from rootline.sources.fleet.choosing import chosen
from rootline.sources.stack import Stack

KNOWN = [
    Stack(cluster="east", labels={"region": "eu", "tier": "1"}),
    Stack(cluster="west", labels={"region": "us", "tier": "1"}),
    Stack(cluster="lab", labels={"region": "eu"}),
]


@pytest.mark.parametrize(
    ("names", "selectors", "found"),
    [
        (["all"], [], ["east", "west", "lab"]),
        ([], [], ["east", "west", "lab"]),
        (["west", "east"], [], ["east", "west"]),
        (["east", "east"], [], ["east"]),
        ([], ["region=eu"], ["east", "lab"]),
        (["all"], ["region=eu", "tier=1"], ["east"]),
        (["lab", "west"], ["region=us"], ["west"]),
    ],
)
def test_names_and_labels_choose(names: list[str], selectors: list[str], found: list[str]) -> None:
    assert [one.cluster for one in chosen(KNOWN, names, selectors)] == found


@pytest.mark.parametrize(
    ("names", "selectors", "error", "told"),
    [
        (["moon"], [], NotFound, "There is no cluster 'moon'. Known: east, west, lab."),
        (["east"], ["region=us"], NotFound, "No cluster fits east, region=us. Known: east"),
        ([], ["region"], Misconfigured, "'region' is no label. Write --select key=value"),
        ([], ["=eu"], Misconfigured, "is no label"),
    ],
)
def test_what_cannot_be_chosen_is_told(
    names: list[str], selectors: list[str], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        chosen(KNOWN, names, selectors)


def test_two_clusters_of_one_name_are_refused() -> None:
    with pytest.raises(Misconfigured, match="Two clusters are called east"):
        chosen([*KNOWN, Stack(cluster="east")], ["west"], [])


def test_without_any_cluster_the_next_step_is_told() -> None:
    with pytest.raises(NotFound, match="`rootline cluster add` makes one"):
        chosen([], ["all"], [])
