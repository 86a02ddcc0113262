"""How causes of well-known names do harm, in the words of the field; said beside a hypothesis as an inference."""

from collections.abc import Mapping

MECHANISMS: Mapping[str, str] = {
    # databases
    "replication_lag": (
        "the read replica replays the primary's WAL more slowly than it is written, so replication lag grows and reads "
        "from the replica are stale"
    ),
    "replication_lag_from_write_heavy_workload": (
        "a write-heavy workload on the primary generates WAL (transaction logs) faster than the read replica can "
        "replay it, so replication lag grows and reads from the replica are stale"
    ),
    "connection_exhaustion": (
        "client sessions use up nearly all of max_connections, so new connections are refused: a connection storm, "
        "pools that are too large together, or connections that are not given back"
    ),
    "connection_exhaustion_from_idle_client_sessions": (
        "idle client sessions, leaked by a connection pool or kept open without a limit, hold nearly all of "
        "max_connections, so new connections are refused; the load is waiting for clients, not work"
    ),
    "storage_exhaustion": ("free storage space is used up (storage full), so the database can no longer write"),
    "storage_exhaustion_from_write_heavy_workload": (
        "a write-heavy workload uses up the free storage space (storage full), so the database can no longer write"
    ),
    "storage_exhaustion_from_retained_wal": (
        "WAL (transaction logs) that an inactive replication slot or a lagging replica holds back uses up the free "
        "storage space, until none is left (storage full) and the database can no longer write"
    ),
    "storage_exhaustion_from_temporary_files": (
        "temporary files of large sorts, hashes or reports, which do not fit into work_mem and spill to disk, use up "
        "the free storage space, until none is left (storage full)"
    ),
    "storage_exhaustion_from_table_bloat": (
        "dead rows that vacuum does not remove (table bloat) use up the free storage space, until none is left "
        "(storage full)"
    ),
    "cpu_saturation": "the processor is the bottleneck: CPU saturation slows every query and all else that runs there",
    "cpu_saturation_from_expensive_query": (
        "an expensive SQL query, as a missing index or a full table scan makes it, leads to CPU saturation, and every "
        "other query waits"
    ),
    "cpu_saturation_from_missing_index": (
        "a query that has lost its index (missing or dropped index) reads the whole table in a sequential scan (full "
        "table scan) at each call, which leads to CPU saturation, and every other query waits"
    ),
    "cpu_credits_exhausted": "a burstable instance has spent its CPU credits and is held to its baseline performance",
    "disk_io_saturation": (
        "the volume is at its limit of IOPS or throughput: I/O waits in the disk queue, and read and write latency rise"
    ),
    "disk_io_saturation_from_write_heavy_workload": (
        "a write-heavy workload, with its WAL and checkpoints, takes all the IOPS of the volume: I/O waits in the disk "
        "queue, and write and commit latency rise"
    ),
    "disk_io_saturation_from_expensive_query": (
        "an expensive SQL query, as a missing index or a full table scan makes it, reads so much that the volume is at "
        "its limit of IOPS: I/O waits in the disk queue, and read latency rises"
    ),
    "disk_io_saturation_after_burst_credits_ran_out": (
        "the volume's burst credits (burst balance) ran out, so it is throttled to its baseline IOPS: I/O waits in the "
        "disk queue, and latency rises"
    ),
    "memory_exhaustion": (
        "memory is used up: freeable memory is nearly gone, and the system swaps, kills or refuses work"
    ),
    "memory_growth": (
        "it holds more memory than before: a leak, a larger cache or more work at once, which ends in memory "
        "exhaustion (out of memory) if it goes on"
    ),
    "connections_grew": (
        "far more connections are open than before: there are more clients, or one that opens connections and does not "
        "close them"
    ),
    "room_used_up": (
        "the room for what it keeps is used up (storage full), by a disk's size or a quota, so whatever would write is "
        "refused or waits"
    ),
    "deadlocks": (
        "transactions take the same row locks in opposite order: a deadlock, of which the database aborts one side"
    ),
    "lock_contention_on_rows": (
        "many transactions update the same rows (hot rows), so they queue for each other's row locks: lock contention"
    ),
    "lock_contention": "sessions wait for locks that another transaction holds: lock contention",
    "reads_grew": (
        "the same work reads far more than before: an index or a good plan is gone, or queries ask for more"
    ),
    "work_piles_up": (
        "what is begun is not finished as fast as it comes: it waits for a lock, a disk, a processor or another service"
    ),
    "backlog_growth": (
        "more is put into the queue than is taken out of it: whoever takes it out is gone, stuck or too slow"
    ),
    "work_is_not_acknowledged": (
        "work is handed out and nobody says that it is done: whoever took it is stuck, too slow, or never says so"
    ),
    "cache_too_small": (
        "the cache has no room left and throws out what is still wanted, so more is asked of what stands behind it"
    ),
    "cache_is_missed": (
        "the cache answers less by itself than before, so what stands behind it is asked more: entries are passed by, "
        "expire too soon or were thrown out"
    ),
    "publishers_blocked": (
        "the broker is over its mark for memory or disk, so it takes nothing from publishers until there is room again"
    ),
    "it_cannot_be_reached": (
        "nothing answers there any more: the process, its host or the way to it is down, or it has no room for another "
        "connection"
    ),
    "its_calls_are_slow": (
        "the time is lost in calls that it makes and not in itself: whom it calls, or the way there, is slow"
    ),
    "its_probe_fails": (
        "whoever asks from outside is not answered as the probe demands: not at all, too late, with an error, or with "
        "a certificate that is not trusted"
    ),
    "partly_unreachable": (
        "some of its instances do not answer any more while others do: their processes, their hosts or the way to them "
        "are down"
    ),
    "it_lets_nobody_in": (
        "sessions took up its connections, or the files that it may have open, and since then it answers nobody else, "
        "not even what watches it"
    ),
    "lock_contention_from_idle_transaction": (
        "a session that is idle in transaction, without commit or rollback, keeps its row locks, and blocked sessions "
        "wait for them until their lock timeout: lock contention"
    ),
    "lock_contention_from_schema_change": (
        "a schema change (DDL) needs an exclusive lock on its table, and every query on that table queues behind it: "
        "lock contention"
    ),
    "latch_contention": (
        "many sessions queue for pages or structures that the database shares in memory (latches, lightweight locks): "
        "latch contention"
    ),
    "table_bloat": (
        "autovacuum does not keep up, is disabled, or is blocked by a long-running transaction, so dead rows (dead "
        "tuples, table bloat) pile up and every scan reads more"
    ),
    "database_parameter_changed": (
        "a changed database parameter (parameter group) governs what is at its limit now: a configuration change"
    ),
    "failover": (
        "the primary instance was lost and a failover to the standby (Multi-AZ) took place: connections drop until "
        "clients reach the new primary, and come back by themselves"
    ),
    "restart_of_the_instance": "the instance was restarted, so its connections dropped and its caches are cold",
    "transaction_id_wraparound": (
        "autovacuum does not keep up with freezing old transaction ids, so the database nears wraparound and will stop "
        "accepting writes"
    ),
    # what applications log
    "name_resolution_failure": (
        "the name of a dependency cannot be resolved: a DNS failure (the resolver, a renamed or deleted Service, or a "
        "policy that blocks DNS), while pods stay Running and Ready"
    ),
    "dependency_unreachable": "connections to a dependency are refused or time out, though the caller itself runs",
    "permission_denied": (
        "the identity of the application (service account, IAM role, IRSA) lacks a permission, so its calls are "
        "refused: AccessDenied, not authorized, forbidden"
    ),
    "connection_pool_exhausted": (
        "the application's connection pool is exhausted: every connection is in use, so requests wait for one until "
        "they time out"
    ),
    "volume_full": (
        "the volume or disk that the application writes to is full (no space left on device), so every write fails"
    ),
    "file_descriptors_used_up": (
        "the process has used up its file descriptors (too many open files), so it can open neither files nor "
        "connections"
    ),
    "application_memory_used_up": (
        "the process has used up the memory that it may use (its heap, or its configured maximum), so allocations "
        "fail: out of memory"
    ),
    "cpu_limit_reached": (
        "the container stands at its CPU limit and is throttled (CPU throttling), so requests take longer and time out"
    ),
    "malformed_data": (
        "the data that arrives is malformed or does not fit the expected schema (data quality), so records are rejected"
    ),
    "upstream_fails": (
        "a dependency (upstream, external provider) answers with errors or is unavailable, and the caller passes it on"
    ),
    "encryption_key_unavailable": (
        "the encryption key (KMS) cannot be used, so the storage is inaccessible and the database is down"
    ),
    "code_exception": "a code defect: the application throws an unhandled exception on this path",
    "overload": (
        "more work arrives than the replicas can do: queues fill up and requests are rejected; the number of replicas "
        "stands at its maximum or does not grow"
    ),
    "certificate_trouble": (
        "a TLS certificate cannot be trusted: it has expired, is not yet valid, or is signed by an unknown authority"
    ),
    "credentials_refused": "a dependency refuses the credentials: the secret or password is wrong, expired or rotated",
    "configuration_missing": "the application lacks a setting, secret or environment variable that it needs",
    "database_schema_mismatch": "the application asks for a table or column that the database schema does not have",
    "consumer_lag": (
        "consumers process messages more slowly than they arrive, so consumer lag grows and partitions fall behind"
    ),
    "traffic_blocked_by_policy": (
        "a policy on traffic (NetworkPolicy, security group, firewall) blocks the connection, so it times out although "
        "the dependency runs"
    ),
    "rate_limited": "a dependency throttles the caller: rate limit or quota exceeded",
    # clusters
    "memory_limit_reached": (
        "the container needs more memory than its memory limit, so the kernel's OOM killer ends it (OOMKilled, exit "
        "code 137) and the kubelet restarts it, over and over: CrashLoopBackOff"
    ),
    "cpu_request_fits_no_node": "no node has the CPU that the pod requests (Insufficient cpu), so it stays Pending",
    "memory_request_fits_no_node": "no node has the memory that the pod requests (Insufficient memory): it is Pending",
    "affinity_matches_no_node": "no node fulfils the pod's required node affinity, so the scheduler leaves it Pending",
    "selector_matches_no_node": "no node has the labels of the pod's node selector, so the scheduler leaves it Pending",
    "node_is_cordoned": "the nodes that the pod may run on are cordoned (unschedulable), so it stays Pending",
    "taint_not_tolerated": (
        "the pod has no toleration for the taint of the nodes (untolerated taint), so the scheduler leaves it Pending"
    ),
    "image_pull_rate_limited": (
        "the image registry limits how often images are pulled (rate limit, too many requests), so the pull fails with "
        "ImagePullBackOff and the container never starts"
    ),
    "registry_unreachable": (
        "the image registry does not answer, so the pull fails with ImagePullBackOff and the container never starts"
    ),
    "image_not_found": (
        "the image does not exist under that name or tag (image tag not found), so the pull fails (ErrImagePull, "
        "ImagePullBackOff), the container never starts, and a rollout does not complete"
    ),
    "pull_secret_missing": (
        "the registry refuses the image without credentials (image pull secret), so the pull fails with "
        "ImagePullBackOff and the container never starts"
    ),
    "registry_name_not_resolved": (
        "the name of the image registry does not resolve (DNS), so the pull fails with ImagePullBackOff"
    ),
    "secret_missing": (
        "the pod refers to a Secret or ConfigMap, or a key in it, that does not exist (CreateContainerConfigError), so "
        "its container is never created"
    ),
    "volume_in_another_zone": (
        "the persistent volume is bound to a zone or node in which no node can take the pod (volume node affinity "
        "conflict), so it stays Pending"
    ),
    "claim_not_bound": (
        "the pod's PersistentVolumeClaim (PVC) is not bound: no volume fits it and its storage class makes none, so "
        "the pod stays Pending"
    ),
    "volume_not_mounted": "a volume of the pod cannot be attached or mounted, so its container is never created",
    "container_crashes": (
        "the container starts, exits with an error and is restarted, over and over: CrashLoopBackOff of the "
        "application itself"
    ),
    "liveness_probe_fails": "the liveness probe fails, so the kubelet kills the container and restarts it",
    "readiness_probe_fails": (
        "the readiness probe fails, so the pods run but are not ready and get no traffic, and a rollout does not "
        "complete"
    ),
    "volume_not_permitted": "the container may not use the files of its volume: permission denied",
    "liveness_probe_wrong_port": "the liveness probe asks a port that is not served, so the pod is killed",
    "liveness_probe_wrong_protocol": "the liveness probe speaks another protocol than the port, so it is killed",
    "liveness_probe_too_early": "the liveness probe gives too little time to start, so it is killed",
    "readiness_probe_wrong_port": (
        "the readiness probe asks a port that is not served, so the pods stay NotReady and get no traffic"
    ),
    "readiness_probe_wrong_protocol": (
        "the readiness probe speaks another protocol than the port, so the pods stay NotReady and get no traffic"
    ),
    "kubelet_down": "the node is NotReady: its kubelet has stopped reporting, and its pods are lost or evicted",
    "container_runtime_down": "the container runtime of the node is down: the node is NotReady and no container starts",
    "node_disk_pressure": (
        "the node's disk fills up (disk pressure, ephemeral-storage), so the kubelet evicts pods from it: eviction, "
        "which need not strike the pod that wrote most"
    ),
    "node_memory_pressure": ("the node runs out of memory (memory pressure), so the kubelet evicts pods from it"),
    "drain_blocked_by_disruption_budget": (
        "a PodDisruptionBudget allows no further pod to be evicted, so the drain of the node hangs"
    ),
    "node_reclaimed": (
        "the cloud provider took the instance back (spot interruption, scheduled retirement), so its node is drained "
        "or NotReady and its pods have to start elsewhere"
    ),
    "pod_addresses_used_up": (
        "the subnet has no free IP addresses (IP exhaustion), so the CNI cannot give one to a new pod: the sandbox is "
        "not created (FailedCreatePodSandBox) and the pod stays in ContainerCreating"
    ),
    "pod_sandbox_fails": (
        "the pod's sandbox (its network) cannot be set up by the CNI plugin, so the pod stays in ContainerCreating"
    ),
    "autoscaler_at_maximum": (
        "the horizontal pod autoscaler (HPA) wants more than its maxReplicas: it stands at its maximum (max replicas), "
        "and the load per replica keeps growing"
    ),
    "pod_storage_limit_reached": (
        "the pod exceeds its ephemeral-storage limit (or the size limit of an emptyDir), so the kubelet evicts it"
    ),
    "admission_webhook_fails": (
        "an admission webhook does not answer or is not trusted (certificate), so the API server refuses new pods"
    ),
    "node_pressure": (
        "the node runs out of memory, disk or process ids (MemoryPressure, DiskPressure), so the kubelet evicts pods "
        "from it"
    ),
    "scaled_to_zero": "the deployment is scaled to zero replicas, so nobody answers",
    "service_account_missing": "pods cannot be created because their service account does not exist",
}


def mechanism(cause: str) -> str:
    """How a cause of a well-known name does harm; empty for any other."""
    return MECHANISMS.get(cause, "")
