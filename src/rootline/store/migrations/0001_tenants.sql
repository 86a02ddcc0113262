-- A transaction belongs to the tenant whose key it shows in the setting app.tenant.
-- The key is a secret, and only its hash is readable by the app role: who can run SQL as the app role
-- but has no key of another tenant cannot become that tenant by setting app.tenant, whatever it is set to.
create table rootline.tenants (
  id uuid primary key,
  name text not null,
  key text not null,
  key_sha256 bytea not null unique,
  created_at timestamptz not null default now(),
  constraint tenants_key_hash check (octet_length(key_sha256) = 32)
);

alter table rootline.tenants enable row level security;

create policy shown_key on rootline.tenants for select
  using (key_sha256 = sha256(convert_to(current_setting('app.tenant', true), 'UTF8')));

-- The body is bound when the function is made, so that no search_path and no temporary table can change it.
create function rootline.current_tenant() returns uuid
  language sql stable parallel safe
begin atomic
  select tenants.id from rootline.tenants
  where tenants.key_sha256 = sha256(convert_to(current_setting('app.tenant', true), 'UTF8'));
end;
