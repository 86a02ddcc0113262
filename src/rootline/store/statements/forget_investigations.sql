-- Whole, in one statement, so that no part is left and none is missing: those that are older than findings are kept,
-- and of sessions that expired long ago those which explain nothing, nobody judged and no incident has.
with ended as (
  select s.id, least(greatest(s.active_at, max(i.opened_at)) + interval '24 hours', s.opened_at + interval '168 hours')
    as expired_at
  from rootline.sessions s
  left join rootline.investigations i on i.tenant_id = s.tenant_id and i.session_id = s.id
  where s.tenant_id = rootline.current_tenant()
  group by s.tenant_id, s.id
), gone as (
  select i.id from rootline.investigations i join ended e on e.id = i.session_id
  where i.tenant_id = rootline.current_tenant() and (
    i.opened_at < %(found)s
    or e.expired_at < %(told)s
      and i.body not like '%%"incident":"%%'
      and not exists (
        select from rootline.hypotheses h where h.tenant_id = i.tenant_id and h.investigation_id = i.id
      )
      and not exists (
        select from rootline.feedback f where f.tenant_id = i.tenant_id and f.investigation_id = i.id
      )
  )
), closings as (
  delete from rootline.closings
  where tenant_id = rootline.current_tenant() and investigation_id in (select id from gone)
), answers as (
  delete from rootline.answers
  where tenant_id = rootline.current_tenant() and investigation_id in (select id from gone)
), plans as (
  delete from rootline.plans
  where tenant_id = rootline.current_tenant() and investigation_id in (select id from gone)
), feedback as (
  delete from rootline.feedback
  where tenant_id = rootline.current_tenant() and investigation_id in (select id from gone)
), rechecks as (
  delete from rootline.rechecks
  where tenant_id = rootline.current_tenant() and investigation_id in (select id from gone)
), hypotheses as (
  delete from rootline.hypotheses
  where tenant_id = rootline.current_tenant() and investigation_id in (select id from gone)
), claims as (
  delete from rootline.claims
  where tenant_id = rootline.current_tenant() and investigation_id in (select id from gone)
), results as (
  delete from rootline.tool_results
  where tenant_id = rootline.current_tenant() and investigation_id in (select id from gone)
), calls as (
  delete from rootline.tool_calls
  where tenant_id = rootline.current_tenant() and investigation_id in (select id from gone)
), messages as (
  delete from rootline.messages
  where tenant_id = rootline.current_tenant() and investigation_id in (select id from gone)
), evidence as (
  delete from rootline.evidence
  where tenant_id = rootline.current_tenant() and investigation_id in (select id from gone)
), passages as (
  delete from rootline.passages
  where tenant_id = rootline.current_tenant() and collection = 'incident_summaries'
    and name in (select to_json(id::text)::text from gone)
), summaries as (
  delete from rootline.runbooks
  where tenant_id = rootline.current_tenant() and collection = 'incident_summaries'
    and name in (select to_json(id::text)::text from gone)
)
delete from rootline.investigations
where tenant_id = rootline.current_tenant() and id in (select id from gone);
