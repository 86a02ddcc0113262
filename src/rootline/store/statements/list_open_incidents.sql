-- Those that alerts can join: what a person has suppressed is among them, because its alerts stay suppressed.
select coalesce(r.body, i.body), t.after as state
from rootline.incidents i
join lateral (
  select after from rootline.transitions
  where tenant_id = i.tenant_id and incident_id = i.id order by position desc limit 1
) t on t.after in ('detected', 'acknowledged', 'investigating', 'mitigated', 'suppressed')
left join lateral (
  select body from rootline.incident_revisions
  where tenant_id = i.tenant_id and incident_id = i.id order by position desc limit 1
) r on true
where i.opened_at >= %(since)s
order by i.opened_at, i.id;
