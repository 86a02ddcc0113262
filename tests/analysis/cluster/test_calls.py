from rootline.analysis.cluster.calls import from_call
from rootline.analysis.cluster.query import ClusterQuery


def test_a_call_key_becomes_a_question_in_our_words() -> None:
    key = 'GetResources:{"resource_type":"resourcequota","name":"","namespace":"shop","show_labels":true}'

    assert from_call(key, "text") == (
        ClusterQuery(verb="get", kind="resourcequotas", namespace="shop", view="labels"),
        "text",
    )


def test_a_node_service_is_asked_by_node_and_service() -> None:
    key = 'CheckNodeServiceStatus:{"node_name":"n1","service_name":"kubelet"}'

    assert from_call(key, "up") == (ClusterQuery(verb="node_service", kind="kubelet", name="n1"), "up")


def test_calls_with_different_selectors_stay_different() -> None:
    key = 'GetResources:{"resource_type":"pods","name":"","namespace":"shop","label_selector":"app=%s"}'

    assert from_call(key % "a", "") != from_call(key % "b", "")


def test_alerts_become_one_signal_a_line() -> None:
    alert = {"type": "Node", "name": "n1", "status": "ABNORMAL", "evidence": ["RETRANS | Current=8.1"]}

    answer = from_call("GetAlerts:{}", {"alerts": [alert]})

    assert answer == (ClusterQuery(verb="alerts"), "node/n1 ABNORMAL\nnode/n1 RETRANS | Current=8.1")


def test_error_patterns_keep_their_count_on_one_line() -> None:
    value = {"total_errors": 3, "patterns": [{"count": 3, "sample": "cannot\n  connect"}]}

    answer = from_call('GetErrorLogs:{"namespace":"shop","service_name":"web"}', value)

    assert answer is not None
    assert answer[1] == "total_errors: 3\n3x cannot connect"


def test_a_nodes_configuration_becomes_one_fact_a_line() -> None:
    node = {"name": "n1", "status": "Ready", "taints": ["a=b:NoSchedule"], "labels": {"zone": "x"}}

    answer = from_call("GetClusterConfiguration:{}", {"nodes": [node]})

    assert answer is not None
    assert answer[1] == "node/n1 status Ready\nnode/n1 taint a=b:NoSchedule\nnode/n1 label zone=x"


def test_an_empty_answer_is_an_answer() -> None:
    assert from_call("GetAlerts:{}", {}) == (ClusterQuery(verb="alerts"), "")


def test_what_is_no_call_is_left_out() -> None:
    assert from_call("collection_timestamp", "2026") is None
    assert from_call("Unknown:{}", "text") is None
    assert from_call("GetAlerts:{broken", "text") is None
