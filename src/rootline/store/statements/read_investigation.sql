select i.body, coalesce(c.state, 'running') as state, c.outcome
from rootline.investigations i
left join rootline.closings c on c.tenant_id = i.tenant_id and c.investigation_id = i.id
where i.id = %(investigation)s;
