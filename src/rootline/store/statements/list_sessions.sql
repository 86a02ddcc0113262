select s.body, greatest(s.active_at, max(i.opened_at)) as active_at
from rootline.sessions s
left join rootline.investigations i on i.tenant_id = s.tenant_id and i.session_id = s.id
group by s.tenant_id, s.id
order by active_at desc, s.id desc
limit %(limit)s;
