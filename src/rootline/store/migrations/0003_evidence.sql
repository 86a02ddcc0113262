create table rootline.evidence (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  investigation_id uuid not null,
  label text not null,
  position integer not null check (position >= 0),
  status text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  taken_at timestamptz not null,
  body text not null,
  constraint evidence_label_taken primary key (tenant_id, investigation_id, label),
  unique (tenant_id, investigation_id, position),
  constraint evidence_investigation_exists foreign key (tenant_id, investigation_id) references rootline.investigations,
  constraint evidence_label check (label ~ '^E[1-9][0-9]*$'),
  constraint evidence_status check (status in ('ok', 'no_data', 'partial', 'timeout', 'error'))
);

-- What a result cites is stored with it or before it.
create table rootline.tool_results (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  investigation_id uuid not null,
  sequence integer not null,
  position integer not null check (position >= 0),
  evidence_label text,
  is_error boolean not null,
  body text not null,
  primary key (tenant_id, investigation_id, sequence, position),
  constraint tool_results_message_exists
    foreign key (tenant_id, investigation_id, sequence) references rootline.messages,
  constraint tool_results_evidence_exists
    foreign key (tenant_id, investigation_id, evidence_label) references rootline.evidence
);

alter table rootline.evidence enable row level security;
alter table rootline.evidence force row level security;
create policy own_tenant on rootline.evidence
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.tool_results enable row level security;
alter table rootline.tool_results force row level security;
create policy own_tenant on rootline.tool_results
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));
