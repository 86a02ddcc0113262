select coalesce(r.body, i.body), t.after as state
from rootline.incidents i
join lateral (
  select after from rootline.transitions
  where tenant_id = i.tenant_id and incident_id = i.id order by position desc limit 1
) t on true
left join lateral (
  select body from rootline.incident_revisions
  where tenant_id = i.tenant_id and incident_id = i.id order by position desc limit 1
) r on true
where i.id = %(incident)s;
