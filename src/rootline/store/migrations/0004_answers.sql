-- A verified claim cites stored evidence. Claims are never edited: a later re-check is a row of its own.
create table rootline.claims (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  investigation_id uuid not null,
  position integer not null check (position >= 0),
  part text not null check (part in ('support', 'against', 'claim', 'failed')),
  hypothesis_rank integer,
  mark text not null,
  predicate text not null,
  evidence_label text,
  claim_sha256 text not null check (claim_sha256 ~ '^[0-9a-f]{64}$'),
  body text not null,
  primary key (tenant_id, investigation_id, position),
  constraint claims_as_proof unique (tenant_id, investigation_id, position, hypothesis_rank, part, mark),
  constraint claims_investigation_exists foreign key (tenant_id, investigation_id) references rootline.investigations,
  constraint claims_evidence_exists
    foreign key (tenant_id, investigation_id, evidence_label) references rootline.evidence,
  constraint claims_of_hypothesis check ((part in ('support', 'against')) = (hypothesis_rank is not null)),
  constraint claims_verified_cites check (mark <> 'verified' or evidence_label is not null),
  constraint claims_mark check (mark in ('verified', 'contradicted', 'not_found', 'stale')),
  constraint claims_predicate check (predicate in
    ('rose', 'fell', 'equals', 'contains', 'absent', 'precedes', 'started', 'ended', 'depends_on', 'changed', 'is_healthy'))
);

-- A hypothesis names the verified claim that supports it. The two generated columns cannot be written,
-- so the foreign key finds nothing but a claim of this very hypothesis with that part and that mark.
create table rootline.hypotheses (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  investigation_id uuid not null,
  rank integer not null check (rank >= 1),
  type text not null,
  remediation text not null,
  is_proven boolean not null,
  confidence double precision not null check (confidence between 0 and 1),
  proof integer,
  proof_part text not null generated always as ('support') stored,
  proof_mark text not null generated always as ('verified') stored,
  body text not null,
  primary key (tenant_id, investigation_id, rank),
  constraint hypotheses_proof_named check (proof is not null),
  constraint hypotheses_proof_verified
    foreign key (tenant_id, investigation_id, proof, rank, proof_part, proof_mark)
    references rootline.claims (tenant_id, investigation_id, position, hypothesis_rank, part, mark),
  constraint hypotheses_type check (type in
    ('release', 'config', 'flag', 'traffic', 'dependency', 'external', 'database', 'capacity', 'infrastructure',
     'network', 'certificate', 'data', 'security', 'unknown', 'none')),
  constraint hypotheses_remediation check (remediation in
    ('rollback', 'roll-forward', 'config-revert', 'scale', 'feature-flag-disable', 'failover', 'escalate-upstream',
     'purge-bad-data', 'rotate-cert', 'reschedule', ''))
);

alter table rootline.claims add constraint claims_hypothesis_exists
  foreign key (tenant_id, investigation_id, hypothesis_rank) references rootline.hypotheses
  deferrable initially deferred;

create table rootline.rechecks (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  investigation_id uuid not null,
  round integer not null check (round >= 0),
  position integer not null check (position >= 0),
  claim_position integer,
  mark text not null,
  body text not null,
  primary key (tenant_id, investigation_id, round, position),
  constraint rechecks_claim_named check (claim_position is not null),
  constraint rechecks_claim_exists
    foreign key (tenant_id, investigation_id, claim_position) references rootline.claims,
  constraint rechecks_mark check (mark in ('verified', 'contradicted', 'not_found', 'stale'))
);

-- One answer for an investigation. One that explains has a first hypothesis;
-- "none of these" and "inconclusive" are answers too, and need none.
create table rootline.answers (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  investigation_id uuid not null,
  outcome text not null,
  first_rank integer generated always as (case when outcome = 'explained' then 1 end) stored,
  body text not null,
  constraint answers_once primary key (tenant_id, investigation_id),
  constraint answers_outcome_known unique (tenant_id, investigation_id, outcome),
  constraint answers_investigation_exists foreign key (tenant_id, investigation_id) references rootline.investigations,
  constraint answers_explained_by
    foreign key (tenant_id, investigation_id, first_rank) references rootline.hypotheses,
  constraint answers_outcome check (outcome in ('explained', 'none_of_these', 'inconclusive', 'answered'))
);

-- An investigation runs until it has a row here, and it can have one only: nothing comes after an end.
create table rootline.closings (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  investigation_id uuid not null,
  state text not null,
  outcome text,
  constraint closings_once primary key (tenant_id, investigation_id),
  constraint closings_investigation_exists
    foreign key (tenant_id, investigation_id) references rootline.investigations,
  constraint closings_answer_stored
    foreign key (tenant_id, investigation_id, outcome) references rootline.answers (tenant_id, investigation_id, outcome),
  constraint closings_state check (state in ('done', 'cancelled', 'failed')),
  constraint closings_done_has_answer check (state <> 'done' or outcome is not null),
  constraint closings_outcome check (outcome in ('explained', 'none_of_these', 'inconclusive', 'answered'))
);

-- The lock puts the end of an investigation and its other steps in one order.
create function rootline.refuse_closed_investigation() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(new.investigation_id::text, 0));
  if exists (
    select from rootline.closings c where c.tenant_id = new.tenant_id and c.investigation_id = new.investigation_id
  ) then
    raise check_violation using constraint = 'investigation_closed', message = 'the investigation is closed';
  end if;
  return new;
end;
$$;

create trigger investigation_is_open before insert on rootline.messages
  for each row execute function rootline.refuse_closed_investigation();
create trigger investigation_is_open before insert on rootline.answers
  for each row execute function rootline.refuse_closed_investigation();
create trigger investigation_is_open before insert on rootline.closings
  for each row execute function rootline.refuse_closed_investigation();

alter table rootline.claims enable row level security;
alter table rootline.claims force row level security;
create policy own_tenant on rootline.claims
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.hypotheses enable row level security;
alter table rootline.hypotheses force row level security;
create policy own_tenant on rootline.hypotheses
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.rechecks enable row level security;
alter table rootline.rechecks force row level security;
create policy own_tenant on rootline.rechecks
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.answers enable row level security;
alter table rootline.answers force row level security;
create policy own_tenant on rootline.answers
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.closings enable row level security;
alter table rootline.closings force row level security;
create policy own_tenant on rootline.closings
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));
