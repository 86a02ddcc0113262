insert into rootline.runbooks (collection, name, sha256, is_current, body)
values (%(collection)s, %(name)s, %(version)s, false, %(body)s)
on conflict (tenant_id, collection, name, sha256) do nothing;
