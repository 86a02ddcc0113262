"""The formulas for widely used exporters: what one asks first of a machine, a database, a cache, a queue or a proxy.

An exporter tells hundreds of numbers, and none of them alone says how full, how slow or how failing its subject is.
Sources: the documentation of each exporter for the names; Brendan Gregg, "The USE Method", for what is asked of them.
"""

from rootline.sources.metrics.formulas import Formula, least, most, rate, ratio, share

_NO_DISK = 'fstype!~"tmpfs|ramfs|squashfs|iso9660|overlay|fuse.*|nfs.*"'

MACHINE = (
    ratio(
        "machine_cpu_utilisation",
        'max $by (1 - avg without (cpu) (rate(node_cpu_seconds_total{$s mode="idle"}[$r])))',
        "node_cpu_seconds_total",
    ),
    ratio(
        "machine_memory_utilisation",
        "max $by (1 - node_memory_MemAvailable_bytes{$s} / node_memory_MemTotal_bytes{$s})",
        "node_memory_MemAvailable_bytes",
        "node_memory_MemTotal_bytes",
    ),
    ratio(
        "machine_filesystem_utilisation",
        f"max $by (1 - node_filesystem_avail_bytes{{$s {_NO_DISK}}} / node_filesystem_size_bytes{{$s {_NO_DISK}}})",
        "node_filesystem_avail_bytes",
        "node_filesystem_size_bytes",
    ),
    ratio(
        "machine_disk_utilisation",
        "max $by (rate(node_disk_io_time_seconds_total{$s}[$r]))",
        "node_disk_io_time_seconds_total",
    ),
    share("machine_descriptors_utilisation", "node_filefd_allocated", "node_filefd_maximum"),
    share("machine_conntrack_utilisation", "node_nf_conntrack_entries", "node_nf_conntrack_entries_limit"),
    Formula(
        name="machine_load_per_cpu",
        promql='max $by (node_load1{$s} / count without (cpu, mode) (node_cpu_seconds_total{$s mode="idle"}))',
        needs=("node_load1", "node_cpu_seconds_total"),
        unit="",
    ),
    rate("machine_oom_kills_per_second", "node_vmstat_oom_kill"),
    rate("machine_swapped_in_pages_per_second", "node_vmstat_pswpin"),
    rate("machine_network_receive_errors_per_second", "node_network_receive_errs_total"),
    rate("machine_network_transmit_errors_per_second", "node_network_transmit_errs_total"),
    ratio(
        "machine_tcp_retransmits_ratio",
        "sum $by (rate(node_netstat_Tcp_RetransSegs{$s}[$r])) / sum $by (rate(node_netstat_Tcp_OutSegs{$s}[$r]))",
        "node_netstat_Tcp_RetransSegs",
        "node_netstat_Tcp_OutSegs",
    ),
)
"""Source: node_exporter."""

POSTGRES = (
    least("pg_up", "pg_up"),
    ratio(
        "pg_connections_utilisation",
        "sum $by (pg_stat_activity_count{$s}) / max $by (pg_settings_max_connections{$s})",
        "pg_stat_activity_count",
        "pg_settings_max_connections",
    ),
    most("pg_longest_transaction_seconds", "pg_stat_activity_max_tx_duration", "s"),
    Formula(
        name="pg_exclusive_lock_contention",
        promql='sum $by (pg_locks_count{$s mode="accessexclusivelock"})',
        needs=("pg_locks_count",),
        unit="",
    ),
    rate("pg_transactions_per_second", "pg_stat_database_xact_commit"),
    rate("pg_rollback_errors_per_second", "pg_stat_database_xact_rollback"),
    rate("pg_deadlock_errors_per_second", "pg_stat_database_deadlocks"),
    rate("pg_rows_scanned_per_second", "pg_stat_user_tables_seq_tup_read"),
    rate("pg_disk_blocks_read_per_second", "pg_stat_database_blks_read"),
    rate("pg_temporary_disk_bytes_per_second", "pg_stat_database_temp_bytes", "bytes/s"),
    most("pg_replication_lag_seconds", "pg_replication_lag_seconds", "s"),
)
"""Source: postgres_exporter."""

MYSQL = (
    least("mysql_up", "mysql_up"),
    share(
        "mysql_connections_utilisation",
        "mysql_global_status_threads_connected",
        "mysql_global_variables_max_connections",
    ),
    most("mysql_threads_running", "mysql_global_status_threads_running"),
    rate("mysql_queries_per_second", "mysql_global_status_queries"),
    rate("mysql_slow_queries_per_second", "mysql_global_status_slow_queries"),
    rate("mysql_row_lock_waits_per_second", "mysql_global_status_innodb_row_lock_waits"),
    rate("mysql_refused_connection_errors_per_second", "mysql_global_status_connection_errors_total"),
    rate("mysql_disk_reads_per_second", "mysql_global_status_innodb_buffer_pool_reads"),
    most("mysql_replication_lag_seconds", "mysql_slave_status_seconds_behind_master", "s"),
)
"""Source: mysqld_exporter."""

REDIS = (
    least("redis_up", "redis_up"),
    share("redis_memory_utilisation", "redis_memory_used_bytes", "redis_memory_max_bytes"),
    share("redis_connections_utilisation", "redis_connected_clients", "redis_config_maxclients"),
    rate("redis_errors_per_second", "redis_errors_total"),
    rate("redis_rejected_connections_per_second", "redis_rejected_connections_total"),
    rate("redis_evicted_keys_per_second", "redis_evicted_keys_total"),
    most("redis_blocked_clients", "redis_blocked_clients"),
    Formula(
        name="redis_command_mean_seconds",
        promql=(
            "sum $by (rate(redis_commands_duration_seconds_total{$s}[$r])) "
            "/ sum $by (rate(redis_commands_processed_total{$s}[$r]))"
        ),
        needs=("redis_commands_duration_seconds_total", "redis_commands_processed_total"),
        unit="s",
    ),
    rate("redis_commands_per_second", "redis_commands_processed_total"),
    ratio(
        "redis_hits_ratio",
        "sum $by (rate(redis_keyspace_hits_total{$s}[$r])) / (sum $by (rate(redis_keyspace_hits_total{$s}[$r])) "
        "+ sum $by (rate(redis_keyspace_misses_total{$s}[$r])))",
        "redis_keyspace_hits_total",
        "redis_keyspace_misses_total",
    ),
)
"""Source: redis_exporter."""

MEMCACHED = (
    least("memcached_up", "memcached_up"),
    share("memcached_connections_utilisation", "memcached_current_connections", "memcached_max_connections"),
    rate("memcached_evicted_items_per_second", "memcached_items_evicted_total"),
)
"""Source: memcached_exporter."""

MONGODB = (
    least("mongodb_up", "mongodb_up"),
    most("mongodb_global_lock_queue", "mongodb_ss_globalLock_currentQueue"),
    rate("mongodb_assert_errors_per_second", "mongodb_ss_asserts"),
)
"""Source: mongodb_exporter."""

QUEUES = (
    most("kafka_consumer_lag", "kafka_consumergroup_lag"),
    most("kafka_unavailable_partitions", "kafka_topic_partition_under_replicated_partition"),
    most("rabbitmq_queue_messages_ready", "rabbitmq_queue_messages_ready"),
    most("rabbitmq_queue_messages_unacked", "rabbitmq_queue_messages_unacked"),
    most("rabbitmq_memory_alarm_failed", "rabbitmq_alarms_memory_used_watermark"),
    most("rabbitmq_disk_alarm_failed", "rabbitmq_alarms_free_disk_space_watermark"),
    Formula(
        name="elasticsearch_cluster_failed",
        promql='max $by (elasticsearch_cluster_health_status{$s color="red"})',
        needs=("elasticsearch_cluster_health_status",),
        unit="",
    ),
    rate("elasticsearch_rejected_per_second", "elasticsearch_thread_pool_rejected_count"),
)
"""Source: kafka_exporter, RabbitMQ's Prometheus plugin, elasticsearch_exporter."""

PROXIES = (
    least("haproxy_available_servers", "haproxy_backend_active_servers"),
    most("haproxy_queue", "haproxy_backend_current_queue"),
    ratio(
        "haproxy_upstream_error_ratio",
        '(sum $by (rate(haproxy_backend_http_responses_total{$s code="5xx"}[$r]))) '
        "/ sum $by (rate(haproxy_backend_http_responses_total{$s}[$r]))",
        "haproxy_backend_http_responses_total",
    ),
    most("haproxy_upstream_response_seconds", "haproxy_backend_response_time_average_seconds", "s"),
    rate("haproxy_upstream_connection_errors_per_second", "haproxy_backend_connection_errors_total"),
    rate("haproxy_requests_per_second", "haproxy_frontend_http_requests_total"),
    least("nginx_up", "nginx_up"),
    most("nginx_connections_active", "nginx_connections_active"),
    rate("nginx_requests_per_second", "nginx_http_requests_total"),
)
"""Source: HAProxy's own Prometheus exporter, nginx-prometheus-exporter."""

PROBES = (
    least("probe_success", "probe_success"),
    most("probe_duration_seconds", "probe_duration_seconds", "s"),
    Formula(
        name="probe_certificate_remaining_seconds",
        promql="min $by (probe_ssl_earliest_cert_expiry{$s} - time())",
        needs=("probe_ssl_earliest_cert_expiry",),
        unit="s",
    ),
)
"""Source: blackbox_exporter."""

CONTAINERS = (
    ratio(
        "container_cpu_throttled_ratio",
        "max $by (rate(container_cpu_cfs_throttled_periods_total{$s}[$r]) "
        "/ rate(container_cpu_cfs_periods_total{$s}[$r]))",
        "container_cpu_cfs_throttled_periods_total",
        "container_cpu_cfs_periods_total",
    ),
    share("container_memory_utilisation", "container_memory_working_set_bytes", "container_spec_memory_limit_bytes"),
)
"""Source: cAdvisor."""

PROCESSES = (
    share("process_descriptors_utilisation", "process_open_fds", "process_max_fds"),
    ratio(
        "jvm_heap_memory_utilisation",
        'max $by (sum without (id) (jvm_memory_used_bytes{$s area="heap"}) '
        '/ (sum without (id) (jvm_memory_max_bytes{$s area="heap"}) > 0))',
        "jvm_memory_used_bytes",
        "jvm_memory_max_bytes",
    ),
    share("hikaricp_connections_utilisation", "hikaricp_connections_active", "hikaricp_connections_max"),
    most("hikaricp_connections_pending", "hikaricp_connections_pending"),
)
"""Source: the client libraries of Prometheus, Micrometer."""

FORMULAS = (
    *(*MACHINE, *POSTGRES, *MYSQL, *REDIS, *MEMCACHED, *MONGODB),
    *(*QUEUES, *PROXIES, *PROBES, *CONTAINERS, *PROCESSES),
)
_TOLD = "node pg mysql redis memcached mongodb kafka rabbitmq elasticsearch haproxy nginx probe"
FAMILIES = frozenset(_TOLD.split())
"""What the names of exporters' metrics begin with of which the formulas above tell enough until more is asked."""
