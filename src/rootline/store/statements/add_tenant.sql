-- The key is 244 random bits. A tenant that is there keeps its key.
with fresh as (
  select %(tenant)s::uuid::text || '.'
    || encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex') as key
)
insert into rootline.tenants (id, name, key, key_sha256)
select %(tenant)s, %(name)s, key, sha256(convert_to(key, 'UTF8')) from fresh
on conflict (id) do nothing;
