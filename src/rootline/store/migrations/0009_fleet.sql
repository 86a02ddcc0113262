-- Registered clusters, what reads them, and how that does.
create table rootline.clusters (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  name text not null check (name ~ '^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$'),
  body text not null,
  constraint clusters_name_taken primary key (tenant_id, name)
);

-- `box` is sealed for this tenant, cluster and source with the key of that id, which no database holds.
create table rootline.cluster_credentials (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  cluster text not null,
  source text not null,
  key_id text not null check (key_id ~ '^[0-9a-f]{16}$'),
  box text not null check (box ~ '^[A-Za-z0-9+/]+=*$'),
  primary key (tenant_id, cluster, source),
  constraint cluster_credentials_cluster_exists
    foreign key (tenant_id, cluster) references rootline.clusters on delete cascade
);

-- One row a source, registered or named in a file. Names and texts are written as JSON strings.
create table rootline.source_health (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  cluster text not null,
  source text not null,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  failures integer not null check (failures >= 0),
  error text,
  found text,
  primary key (tenant_id, cluster, source)
);

alter table rootline.clusters enable row level security;
alter table rootline.clusters force row level security;
create policy own_tenant on rootline.clusters
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.cluster_credentials enable row level security;
alter table rootline.cluster_credentials force row level security;
create policy own_tenant on rootline.cluster_credentials
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.source_health enable row level security;
alter table rootline.source_health force row level security;
create policy own_tenant on rootline.source_health
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));
