-- Every version stays; search reads the current one. `name` is written as a JSON string.
create table rootline.runbooks (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  name text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  is_current boolean not null,
  body text not null,
  primary key (tenant_id, name, sha256)
);

create unique index runbooks_one_current on rootline.runbooks (tenant_id, name) where is_current;

-- `lexemes` are the passage's words and stems as rootline.store.terms makes them. `vector` holds whole numbers,
-- so that a product of two is exact however it is computed.
create table rootline.passages (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  name text not null,
  sha256 text not null,
  position integer not null check (position >= 0),
  lexemes tsvector not null,
  vector real[] not null,
  body text not null,
  primary key (tenant_id, name, sha256, position),
  constraint passages_runbook_exists foreign key (tenant_id, name, sha256) references rootline.runbooks,
  constraint passages_vector check (cardinality(vector) = 256)
);

alter table rootline.runbooks enable row level security;
alter table rootline.runbooks force row level security;
create policy own_tenant on rootline.runbooks
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.passages enable row level security;
alter table rootline.passages force row level security;
create policy own_tenant on rootline.passages
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));
