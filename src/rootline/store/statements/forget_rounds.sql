-- A round stays while anything of it does.
delete from rootline.watch_rounds r
where r.tenant_id = rootline.current_tenant() and r.slot < %(seen)s
  and not exists (
    select from rootline.anomaly_features f
    where f.tenant_id = r.tenant_id and f.cluster = r.cluster and f.slot = r.slot
  )
  and not exists (
    select from rootline.incident_candidates c
    where c.tenant_id = r.tenant_id and c.cluster = r.cluster and c.slot = r.slot
  );
