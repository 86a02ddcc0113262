-- Applied after every migration: what the app role may do, and nothing else. It appends and reads;
-- it changes and deletes nothing, but for which version of a runbook is the current one, a cluster that is registered
-- no more, a credential that is sealed anew, and how a source does.
revoke all on schema rootline from public, {app};
revoke all on all tables in schema rootline from public, {app};
revoke all on all functions in schema rootline from public, {app};
grant usage on schema rootline to {app};
grant execute on function rootline.current_tenant(), rootline.add_turn(uuid, jsonb, jsonb, text[]) to {app};
grant select (id, key_sha256) on rootline.tenants to {app};
grant select, insert on
  rootline.sessions, rootline.investigations, rootline.messages, rootline.tool_calls, rootline.tool_results,
  rootline.evidence, rootline.claims, rootline.rechecks, rootline.hypotheses, rootline.answers, rootline.closings,
  rootline.plans, rootline.feedback, rootline.incidents, rootline.transitions, rootline.runbooks, rootline.passages,
  rootline.deliveries, rootline.notices, rootline.reported_changes, rootline.incident_revisions,
  rootline.watch_rounds, rootline.anomaly_features, rootline.incident_candidates
  to {app};
grant update (is_current) on rootline.runbooks to {app};
grant select, insert, delete on rootline.clusters, rootline.source_health to {app};
grant select, insert on rootline.cluster_credentials to {app};
grant update (key_id, box) on rootline.cluster_credentials to {app};
grant update (last_success_at, last_failure_at, failures, error, found) on rootline.source_health to {app};
-- The planner's row estimates would tell one tenant which values another tenant has.
do $$
declare
  kept record;
begin
  for kept in
    select a.attrelid::regclass as place, a.attname as name
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'rootline'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0
      and not a.attisdropped and c.relname <> 'schema_migrations'
  loop
    execute format('alter table %s alter column %I set statistics 0', kept.place, kept.name);
  end loop;
end;
$$;
