-- What a vendor sent, stored before it is acknowledged. The same key of one vendor is the same delivery: one row.
create table rootline.deliveries (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  id uuid not null,
  vendor text not null,
  key text not null check (key ~ '^[0-9a-f]{64}$'),
  received_at timestamptz not null,
  body text not null,
  primary key (tenant_id, id),
  constraint deliveries_once unique (tenant_id, vendor, key)
);

-- What an alert is now is what its latest notice says. Every notice is in an incident, or tells why it is in none.
-- One without a delivery was held back, by maintenance for example, and then let through by the passing of time.
create table rootline.notices (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  key text not null check (key ~ '^[0-9a-f]{64}$'),
  delivery_id uuid,
  incident_id uuid,
  fingerprint text not null check (fingerprint ~ '^[0-9a-f]{64}$'),
  state text not null,
  is_suppressed boolean not null,
  at timestamptz not null,
  fired_at timestamptz not null,
  body text not null,
  constraint notices_once primary key (tenant_id, key),
  constraint notices_delivery_exists foreign key (tenant_id, delivery_id) references rootline.deliveries,
  constraint notices_incident_exists foreign key (tenant_id, incident_id) references rootline.incidents,
  constraint notices_state check (state in ('firing', 'resolved')),
  constraint notices_kept_for_a_reason check (is_suppressed or incident_id is not null)
);

create index notices_by_incident on rootline.notices (tenant_id, incident_id, at);
create index notices_by_time on rootline.notices (tenant_id, at);

create table rootline.reported_changes (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  key text not null check (key ~ '^[0-9a-f]{64}$'),
  delivery_id uuid not null,
  kind text not null,
  at timestamptz not null,
  body text not null,
  constraint reported_changes_once primary key (tenant_id, key),
  constraint reported_changes_delivery_exists foreign key (tenant_id, delivery_id) references rootline.deliveries,
  constraint reported_changes_kind check (kind in ('deployment', 'config', 'flag'))
);

create index reported_changes_by_time on rootline.reported_changes (tenant_id, at);

-- An incident's title, severity, service and window are those of its last revision.
create table rootline.incident_revisions (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  incident_id uuid not null,
  position integer not null check (position >= 0),
  body text not null,
  primary key (tenant_id, incident_id, position),
  constraint incident_revisions_incident_exists foreign key (tenant_id, incident_id) references rootline.incidents
);

alter table rootline.deliveries enable row level security;
alter table rootline.deliveries force row level security;
create policy own_tenant on rootline.deliveries
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.notices enable row level security;
alter table rootline.notices force row level security;
create policy own_tenant on rootline.notices
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.reported_changes enable row level security;
alter table rootline.reported_changes force row level security;
create policy own_tenant on rootline.reported_changes
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.incident_revisions enable row level security;
alter table rootline.incident_revisions force row level security;
create policy own_tenant on rootline.incident_revisions
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));
