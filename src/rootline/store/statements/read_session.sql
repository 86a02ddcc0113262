select s.body, greatest(s.active_at, max(i.opened_at)) as active_at
from rootline.sessions s
left join rootline.investigations i on i.tenant_id = s.tenant_id and i.session_id = s.id
where s.id = %(session)s
group by s.body, s.active_at;
