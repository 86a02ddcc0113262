-- One slot of one cluster is evaluated once. `body` holds what the gate remembers and which source failed.
create table rootline.watch_rounds (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  cluster text not null,
  slot timestamptz not null,
  body text not null,
  primary key (tenant_id, cluster, slot)
);

-- Rows by the million: a partition a month, made ahead whenever the database is opened; what none of them takes
-- goes to the last one. Dropping a partition is how a month is forgotten.
create table rootline.anomaly_features (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  cluster text not null,
  slot timestamptz not null,
  service text not null,
  signal text not null,
  watch_window text not null,
  metric text not null,
  unit text not null,
  expected double precision not null,
  observed double precision not null,
  deviation double precision not null,
  score double precision not null,
  kind text not null,
  primary key (tenant_id, cluster, slot, service, signal, watch_window),
  constraint anomaly_features_round_exists foreign key (tenant_id, cluster, slot) references rootline.watch_rounds,
  constraint anomaly_features_window check (watch_window in ('5m', '30m', '6h', 'now')),
  constraint anomaly_features_kind check (kind in
    ('spike', 'drop', 'trend_change', 'pattern_break', 'threshold_breach', 'new_pattern', 'none'))
) partition by range (slot);

create table rootline.anomaly_features_other partition of rootline.anomaly_features default;

-- What the gate made of each candidate; one that was suppressed is kept with its reason and has no incident.
create table rootline.incident_candidates (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  cluster text not null,
  slot timestamptz not null,
  service text not null,
  action text not null,
  policy text not null,
  incident_id uuid,
  body text not null,
  primary key (tenant_id, cluster, slot, service),
  constraint incident_candidates_round_exists foreign key (tenant_id, cluster, slot) references rootline.watch_rounds,
  constraint incident_candidates_incident_exists
    foreign key (tenant_id, incident_id) references rootline.incidents,
  constraint incident_candidates_action check (action in ('opened', 'joined', 'suppressed')),
  constraint incident_candidates_incident check ((action = 'suppressed') = (incident_id is null))
);

create index incident_candidates_by_incident on rootline.incident_candidates (tenant_id, incident_id);

alter table rootline.watch_rounds enable row level security;
alter table rootline.watch_rounds force row level security;
create policy own_tenant on rootline.watch_rounds
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.anomaly_features enable row level security;
alter table rootline.anomaly_features force row level security;
create policy own_tenant on rootline.anomaly_features
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.anomaly_features_other enable row level security;
alter table rootline.anomaly_features_other force row level security;
create policy own_tenant on rootline.anomaly_features_other
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.incident_candidates enable row level security;
alter table rootline.incident_candidates force row level security;
create policy own_tenant on rootline.incident_candidates
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));
