-- The calls and results of each message come as JSON arrays of their bodies, in order.
select m.sequence, m.body,
  coalesce((select json_agg(c.body order by c.position) from rootline.tool_calls c
    where (c.tenant_id, c.investigation_id, c.sequence) = (m.tenant_id, m.investigation_id, m.sequence)), '[]') as calls,
  coalesce((select json_agg(r.body order by r.position) from rootline.tool_results r
    where (r.tenant_id, r.investigation_id, r.sequence) = (m.tenant_id, m.investigation_id, m.sequence)), '[]') as results
from rootline.messages m
where m.investigation_id = %(investigation)s and (%(places)s::integer[] is null or m.sequence = any (%(places)s))
order by m.sequence;
