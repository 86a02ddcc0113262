insert into rootline.runbooks (name, sha256, is_current, body)
values (%(name)s, %(version)s, false, %(body)s)
on conflict (tenant_id, name, sha256) do nothing;
