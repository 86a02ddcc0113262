select s.body, greatest(s.active_at, (
    select max(i.opened_at) from rootline.investigations i
    where i.tenant_id = s.tenant_id and i.session_id = s.id
  )) as active_at
from rootline.sessions s
order by active_at desc, s.id desc
limit %(limit)s;
