-- A plan is for a stored hypothesis, and the same plan twice is one row.
create table rootline.plans (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  investigation_id uuid not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  position integer not null check (position >= 0),
  hypothesis_rank integer not null,
  state text not null,
  risk text not null,
  body text not null,
  primary key (tenant_id, investigation_id, sha256),
  unique (tenant_id, investigation_id, position),
  constraint plans_hypothesis_exists
    foreign key (tenant_id, investigation_id, hypothesis_rank) references rootline.hypotheses,
  constraint plans_state check (state in
    ('draft', 'preflighted', 'approved', 'executing', 'verified', 'failed', 'rolled_back', 'rejected', 'expired')),
  constraint plans_risk check (risk in ('low', 'medium', 'high', 'critical'))
);

create table rootline.feedback (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  investigation_id uuid not null,
  position integer not null check (position >= 0),
  hypothesis_rank integer,
  verdict text not null,
  at timestamptz not null,
  body text not null,
  primary key (tenant_id, investigation_id, position),
  constraint feedback_investigation_exists foreign key (tenant_id, investigation_id) references rootline.investigations,
  constraint feedback_hypothesis_exists
    foreign key (tenant_id, investigation_id, hypothesis_rank) references rootline.hypotheses,
  constraint feedback_verdict check (verdict in ('confirmed', 'rejected', 'uncertain', 'root_cause_set', 'note'))
);

create table rootline.incidents (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  id uuid not null,
  severity text not null,
  opened_at timestamptz not null,
  body text not null,
  primary key (tenant_id, id),
  constraint incidents_severity check (severity in ('critical', 'high', 'medium', 'low', 'info'))
);

create index incidents_by_time on rootline.incidents (tenant_id, opened_at, id);

-- An incident's state is where its last transition led. Each one starts where the one before it ended.
create table rootline.transitions (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  incident_id uuid not null,
  position integer not null check (position >= 0),
  previous integer generated always as (case when position > 0 then position - 1 end) stored,
  before text,
  after text not null,
  at timestamptz not null,
  body text not null,
  primary key (tenant_id, incident_id, position),
  constraint transitions_end unique (tenant_id, incident_id, position, after),
  constraint transitions_incident_exists foreign key (tenant_id, incident_id) references rootline.incidents,
  constraint transitions_from_current
    foreign key (tenant_id, incident_id, previous, before)
    references rootline.transitions (tenant_id, incident_id, position, after),
  constraint transitions_first_from_nothing check ((position = 0) = (before is null)),
  constraint transitions_before check (before in
    ('detected', 'acknowledged', 'investigating', 'mitigated', 'resolved', 'learned', 'inconclusive', 'suppressed')),
  constraint transitions_after check (after in
    ('detected', 'acknowledged', 'investigating', 'mitigated', 'resolved', 'learned', 'inconclusive', 'suppressed'))
);

alter table rootline.plans enable row level security;
alter table rootline.plans force row level security;
create policy own_tenant on rootline.plans
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.feedback enable row level security;
alter table rootline.feedback force row level security;
create policy own_tenant on rootline.feedback
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.incidents enable row level security;
alter table rootline.incidents force row level security;
create policy own_tenant on rootline.incidents
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.transitions enable row level security;
alter table rootline.transitions force row level security;
create policy own_tenant on rootline.transitions
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));
