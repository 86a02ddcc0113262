select i.body, c.state, c.outcome
from rootline.investigations i
join rootline.closings c on c.tenant_id = i.tenant_id and c.investigation_id = i.id
where c.state = 'done'
and exists (
    select 1 from rootline.feedback f where f.tenant_id = i.tenant_id and f.investigation_id = i.id
)
order by i.opened_at desc, i.id desc
limit %(limit)s;
