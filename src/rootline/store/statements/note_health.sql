insert into rootline.source_health (cluster, source, last_success_at, last_failure_at, failures, error, found)
values (%(cluster)s, %(source)s, %(succeeded_at)s, %(failed_at)s, %(failures)s, %(error)s, %(found)s)
on conflict (tenant_id, cluster, source) do update set
  last_success_at = greatest(source_health.last_success_at, excluded.last_success_at),
  last_failure_at = greatest(source_health.last_failure_at, excluded.last_failure_at),
  failures = excluded.failures
    + case when excluded.last_success_at is null then source_health.failures else 0 end,
  error = coalesce(excluded.error, source_health.error),
  found = coalesce(excluded.found, source_health.found);
