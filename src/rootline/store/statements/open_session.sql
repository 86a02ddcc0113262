insert into rootline.sessions (id, opened_at, active_at, body)
values (%(id)s, %(opened_at)s, %(active_at)s, %(body)s)
on conflict (tenant_id, id) do nothing;
