"""Every cause we can name, its family and what would end it."""

from collections.abc import Mapping

from rootline.analysis.cluster.proof import Family

_BY_FAMILY: Mapping[Family, Mapping[str, str]] = {
    "scheduling": {
        "cpu_capacity_mismatch": "Lower the CPU request below what a node can give, or add a larger node.",
        "memory_capacity_mismatch": "Lower the memory request below what a node can give, or add a larger node.",
        "node_affinity_mismatch": "Make the required node affinity match the labels of a node, or label a node.",
        "node_cordon_mismatch": "Uncordon the node that the pod may run on.",
        "node_selector_mismatch": "Make the node selector match the labels of a node, or label a node.",
        "pod_anti_affinity_conflict": "Relax the required pod anti-affinity, or add nodes for the replicas.",
        "pv_binding_occupied": "Give the claim a volume that no other claim holds.",
        "pvc_access_mode_mismatch": "Ask for an access mode that the volume offers.",
        "pvc_capacity_mismatch": "Ask for no more storage than the volume has, or add a larger volume.",
        "pvc_selector_mismatch": "Make the claim's selector match the labels of a volume.",
        "pvc_storage_class_mismatch": "Name a storage class that exists and that the volume has.",
        "taint_toleration_mismatch": "Tolerate the taint in the pod, or remove it from the node.",
    },
    "startup": {
        "image_registry_dns_failure": "Correct the registry's host name, or make the node resolve it.",
        "incorrect_image_reference": "Correct the image's name or tag to one that exists.",
        "missing_image_pull_secret": "Create the pull secret and name it in the pod or its service account.",
        "missing_secret_binding": "Create the secret or key that the pod refers to, or correct its name.",
        "volume_not_mounted": "Free the volume where it is attached, or mend its claim or its driver.",
        "volume_mount_permission_denied": "Let the container's user own the volume, or run it as its owner.",
    },
    "runtime": {
        "db_connection_exhaustion": "Raise the connection limit of the database, or lower the pools.",
        "db_read_only": "Make the database accept writes again.",
        "deployment_zero_replicas": "Scale the deployment up.",
        "liveness_probe_incorrect_port": "Point the liveness probe at a port the container listens on.",
        "liveness_probe_incorrect_protocol": "Use the protocol in the liveness probe that the port speaks.",
        "liveness_probe_incorrect_timing": "Give the container time to start before the liveness probe counts.",
        "mysql_invalid_credentials": "Correct the user or password that the application connects with.",
        "mysql_invalid_port": "Correct the port that the application connects to.",
        "oom_killed": "Raise the memory limit, or find what uses the memory.",
        "container_crashes": "Read the last lines before it ended; roll back what was rolled out before.",
        "liveness_probe_fails": "Find why it no longer answers; give the probe time if it is only slow.",
        "readiness_probe_fails": "Find why it says that it is not ready: itself, or what it depends on.",
        "readiness_probe_incorrect_port": "Point the readiness probe at a port the container listens on.",
        "readiness_probe_incorrect_protocol": "Use the protocol in the readiness probe that the port speaks.",
        "service_sidecar_port_conflict": "Give the two containers of the pod different ports.",
    },
    "service": {
        "gateway_misroute": "Point the route at the service and port that serve it.",
        "service_dns_resolution_failure": "Make the name resolve: correct the name, the policy or the resolver.",
        "service_env_var_address_mismatch": "Correct the address in the environment variable.",
        "service_port_mapping_mismatch": "Make the service's target port one that the container listens on.",
        "service_protocol_mismatch": "Give the service's port the protocol that the container speaks.",
        "service_selector_mismatch": "Make the service's selector match the labels of its pods.",
    },
    "admission": {
        "missing_service_account": "Create the service account, or correct its name in the pod template.",
        "namespace_cpu_quota_exceeded": "Raise the CPU quota of the namespace, or free some of it.",
        "namespace_memory_quota_exceeded": "Raise the memory quota of the namespace, or free some of it.",
        "namespace_pod_quota_exceeded": "Raise the pod quota of the namespace, or remove pods.",
        "namespace_service_quota_exceeded": "Raise the service quota of the namespace, or remove services.",
        "namespace_storage_quota_exceeded": "Raise the storage quota of the namespace, or remove claims.",
    },
    "infrastructure": {
        "containerd_unavailable": "Start the container runtime on the node.",
        "kube_proxy_unavailable": "Start kube-proxy on the node.",
        "kube_scheduler_unavailable": "Start the scheduler on its node.",
        "kubelet_unavailable": "Start the kubelet on the node.",
        "node_pressure": "Free the memory, disk or process ids of the node, or move pods away from it.",
        "node_network_delay": "Repair the node's network; move the pods away meanwhile.",
        "node_network_packet_loss": "Repair the node's network; move the pods away meanwhile.",
    },
    "performance": {
        "pod_cpu_overload": "Raise the CPU limit, add replicas, or stop what burns the CPU.",
        "pod_network_delay": "Repair the pod's network path, or replace the pod.",
    },
}
FAMILIES: Mapping[str, Family] = {cause: family for family, held in _BY_FAMILY.items() for cause in held}
REMEDIES: Mapping[str, str] = {cause: remedy for held in _BY_FAMILY.values() for cause, remedy in held.items()}
