"""Every cause we can name, its family and what would end it."""

from collections.abc import Mapping

from rootline.analysis.cluster.proof import Family

_BY_FAMILY: Mapping[Family, Mapping[str, str]] = {
    "scheduling": {
        "cpu_request_fits_no_node": "Lower the CPU request below what a node can give, or add a larger node.",
        "memory_request_fits_no_node": "Lower the memory request below what a node can give, or add a larger node.",
        "affinity_matches_no_node": "Make the required node affinity match the labels of a node, or label a node.",
        "node_is_cordoned": "Uncordon the node that the pod may run on.",
        "selector_matches_no_node": "Make the node selector match the labels of a node, or label a node.",
        "anti_affinity_leaves_no_node": "Relax the required pod anti-affinity, or add nodes for the replicas.",
        "volume_claimed_already": "Give the claim a volume that no other claim holds.",
        "claim_access_mode_not_offered": "Ask for an access mode that the volume offers.",
        "claim_larger_than_volume": "Ask for no more storage than the volume has, or add a larger volume.",
        "claim_selector_matches_no_volume": "Make the claim's selector match the labels of a volume.",
        "claim_storage_class_not_offered": "Name a storage class that exists and that the volume has.",
        "taint_not_tolerated": "Tolerate the taint in the pod, or remove it from the node.",
    },
    "startup": {
        "registry_name_not_resolved": "Correct the registry's host name, or make the node resolve it.",
        "admission_webhook_fails": "Mend the webhook or its certificate, or let it fail open meanwhile.",
        "image_not_found": "Correct the image's name or tag to one that exists.",
        "pull_secret_missing": "Create the pull secret and name it in the pod or its service account.",
        "secret_missing": "Create the secret or key that the pod refers to, or correct its name.",
        "volume_in_another_zone": "Add a node in the volume's zone, or move the volume to one that has nodes.",
        "image_pull_rate_limited": "Log in to the registry, or pull through a cache or mirror of your own.",
        "registry_unreachable": "Restore the way to the registry, or pull from a mirror meanwhile.",
        "volume_not_mounted": "Free the volume where it is attached, or mend its claim or its driver.",
        "volume_not_permitted": "Let the container's user own the volume, or run it as its owner.",
    },
    "runtime": {
        "database_connections_used_up": "Raise the connection limit of the database, or lower the pools.",
        "database_refuses_writes": "Make the database accept writes again.",
        "scaled_to_zero": "Scale the deployment up.",
        "liveness_probe_wrong_port": "Point the liveness probe at a port the container listens on.",
        "liveness_probe_wrong_protocol": "Use the protocol in the liveness probe that the port speaks.",
        "liveness_probe_too_early": "Give the container time to start before the liveness probe counts.",
        "database_login_refused": "Correct the user or password that the application connects with.",
        "database_port_wrong": "Correct the port that the application connects to.",
        "memory_limit_reached": "Raise the memory limit, or find what uses the memory.",
        "container_crashes": "Read the last lines before it ended; roll back what was rolled out before.",
        "liveness_probe_fails": "Find why it no longer answers; give the probe time if it is only slow.",
        "readiness_probe_fails": "Find why it says that it is not ready: itself, or what it depends on.",
        "readiness_probe_wrong_port": "Point the readiness probe at a port the container listens on.",
        "readiness_probe_wrong_protocol": "Use the protocol in the readiness probe that the port speaks.",
        "containers_want_one_port": "Give the two containers of the pod different ports.",
    },
    "service": {
        "route_leads_elsewhere": "Point the route at the service and port that serve it.",
        "service_name_not_resolved": "Make the name resolve: correct the name, the policy or the resolver.",
        "address_in_environment_wrong": "Correct the address in the environment variable.",
        "service_target_port_wrong": "Make the service's target port one that the container listens on.",
        "service_protocol_wrong": "Give the service's port the protocol that the container speaks.",
        "service_selects_no_pod": "Make the service's selector match the labels of its pods.",
    },
    "admission": {
        "autoscaler_at_maximum": "Raise the autoscaler's maximum, or make each replica do more.",
        "pod_addresses_used_up": "Free addresses in the subnet, or add a subnet or prefixes to the pods' network.",
        "pod_storage_limit_reached": "Raise the limit of the pod's storage, or write less to the node's disk.",
        "service_account_missing": "Create the service account, or correct its name in the pod template.",
        "cpu_quota_used_up": "Raise the CPU quota of the namespace, or free some of it.",
        "memory_quota_used_up": "Raise the memory quota of the namespace, or free some of it.",
        "pod_quota_used_up": "Raise the pod quota of the namespace, or remove pods.",
        "service_quota_used_up": "Raise the service quota of the namespace, or remove services.",
        "storage_quota_used_up": "Raise the storage quota of the namespace, or remove claims.",
    },
    "infrastructure": {
        "container_runtime_down": "Start the container runtime on the node.",
        "kube_proxy_down": "Start kube-proxy on the node.",
        "kube_scheduler_down": "Start the scheduler on its node.",
        "kubelet_down": "Start the kubelet on the node.",
        "node_disk_pressure": "Free the node's disk: limit what fills it, give it requests and limits, or a volume.",
        "node_memory_pressure": "Give the pods memory requests and limits that fit, or add memory to the node.",
        "node_reclaimed": "Let the pods start elsewhere; spread them over nodes and zones with a disruption budget.",
        "pod_sandbox_fails": "Mend the network plugin on the node.",
        "node_pressure": "Free the memory, disk or process ids of the node, or move pods away from it.",
        "node_network_slow": "Repair the node's network; move the pods away meanwhile.",
        "node_network_loses_packets": "Repair the node's network; move the pods away meanwhile.",
    },
    "performance": {
        "cpu_limit_reached": "Raise the CPU limit, add replicas, or stop what burns the CPU.",
        "pod_network_slow": "Repair the pod's network path, or replace the pod.",
    },
}
FAMILIES: Mapping[str, Family] = {cause: family for family, held in _BY_FAMILY.items() for cause in held}
REMEDIES: Mapping[str, str] = {cause: remedy for held in _BY_FAMILY.values() for cause, remedy in held.items()}
