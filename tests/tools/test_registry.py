import json

import pytest

from rootline.tools.registry import TOOLS, Tool


def definition(tool: Tool) -> str:
    return json.dumps(
        {"name": tool.name, "description": tool.description, "input_schema": tool.schema}, separators=(",", ":")
    )


def test_there_are_the_fifteen_tools_of_the_house() -> None:
    assert [tool.name for tool in TOOLS] == [
        "query_metrics",
        "analyze_traces",
        "search_logs",
        "get_alerts",
        "get_topology",
        "get_cluster_state",
        "diff_commits",
        "search_runbooks",
        "get_evidence",
        "verify_claims",
        "get_investigation",
        "investigate",
        "plan_fix",
        "record_feedback",
        "execute_fix",
    ]


@pytest.mark.promise("small-definitions")
def test_all_definitions_together_cost_at_most_three_thousand_tokens() -> None:
    assert sum(len(definition(tool).encode()) for tool in TOOLS) / 4 <= 3000


def test_every_parameter_is_described() -> None:
    undescribed = [
        f"{tool.name}.{name}"
        for tool in TOOLS
        for name, schema in tool.schema["properties"].items()  # type: ignore[union-attr]
        if "description" not in schema  # type: ignore[operator]
    ]

    assert undescribed == []


def test_only_what_changes_systems_is_destructive() -> None:
    assert [tool.name for tool in TOOLS if tool.destructive] == ["execute_fix"]
    assert [tool.name for tool in TOOLS if tool.writes] == ["investigate", "plan_fix", "record_feedback", "execute_fix"]
