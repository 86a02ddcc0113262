-- Whole, once they have ended and nothing told of them is left.
with gone as (
  select i.id from rootline.incidents i
  where i.tenant_id = rootline.current_tenant() and i.opened_at < %(found)s
    and not exists (select from rootline.notices n where n.tenant_id = i.tenant_id and n.incident_id = i.id)
    and (
      select t.after from rootline.transitions t
      where t.tenant_id = i.tenant_id and t.incident_id = i.id order by t.position desc limit 1
    ) in ('resolved', 'learned', 'inconclusive', 'suppressed')
), candidates as (
  delete from rootline.incident_candidates
  where tenant_id = rootline.current_tenant() and incident_id in (select id from gone)
), revisions as (
  delete from rootline.incident_revisions
  where tenant_id = rootline.current_tenant() and incident_id in (select id from gone)
), transitions as (
  delete from rootline.transitions
  where tenant_id = rootline.current_tenant() and incident_id in (select id from gone)
)
delete from rootline.incidents
where tenant_id = rootline.current_tenant() and id in (select id from gone);
