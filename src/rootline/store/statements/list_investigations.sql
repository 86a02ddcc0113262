select i.body, coalesce(c.state, 'running') as state, c.outcome
from rootline.investigations i
left join rootline.closings c on c.tenant_id = i.tenant_id and c.investigation_id = i.id
where %(session)s::uuid is null or i.session_id = %(session)s
order by i.opened_at desc, i.id desc
limit %(limit)s;
