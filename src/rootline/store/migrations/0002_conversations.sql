-- Text that came from outside lives in `body`, as ASCII JSON: it may hold what a text column cannot
-- (a NUL, half a surrogate pair) and reads back to the character, so that hashes verify.
create table rootline.sessions (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  id uuid not null,
  opened_at timestamptz not null,
  active_at timestamptz not null,
  body text not null,
  primary key (tenant_id, id)
);

create table rootline.investigations (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  id uuid not null,
  session_id uuid not null,
  trigger text not null,
  opened_at timestamptz not null,
  body text not null,
  primary key (tenant_id, id),
  constraint investigations_session_exists foreign key (tenant_id, session_id) references rootline.sessions,
  constraint investigations_trigger check (trigger in
    ('error_rate_spike', 'p99_regression', 'crashloop', 'saturation', 'alert', 'question', 'custom'))
);

create index investigations_by_session on rootline.investigations (tenant_id, session_id, opened_at);
create index investigations_by_time on rootline.investigations (tenant_id, opened_at, id);

-- A message stands right behind the one before it: no place is taken twice and none is left out.
create table rootline.messages (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  investigation_id uuid not null,
  sequence integer not null,
  previous integer generated always as (case when sequence > 0 then sequence - 1 end) stored,
  role text not null,
  body text not null,
  constraint messages_place_taken primary key (tenant_id, investigation_id, sequence),
  constraint messages_investigation_exists foreign key (tenant_id, investigation_id) references rootline.investigations,
  constraint messages_no_gap foreign key (tenant_id, investigation_id, previous) references rootline.messages,
  constraint messages_from_zero check (sequence >= 0),
  constraint messages_role check (role in ('user', 'assistant', 'tool'))
);

create table rootline.tool_calls (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  investigation_id uuid not null,
  sequence integer not null,
  position integer not null check (position >= 0),
  body text not null,
  primary key (tenant_id, investigation_id, sequence, position),
  constraint tool_calls_message_exists foreign key (tenant_id, investigation_id, sequence) references rootline.messages
);

-- 24 hours after the last activity and 7 days after its opening a session is read-only.
-- The moment is the caller's, so that a replayed conversation ages as the recorded one did.
create function rootline.refuse_expired_session() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  expires_at timestamptz;
begin
  select least(greatest(s.active_at, (
      select max(i.opened_at) from rootline.investigations i
      where i.tenant_id = s.tenant_id and i.session_id = s.id
    )) + interval '24 hours', s.opened_at + interval '168 hours')
    into expires_at
    from rootline.sessions s
    where s.tenant_id = new.tenant_id and s.id = new.session_id;
  if new.opened_at >= expires_at then
    raise check_violation using constraint = 'session_expired', message = 'the session has expired';
  end if;
  return new;
end;
$$;

create trigger session_is_live before insert on rootline.investigations
  for each row execute function rootline.refuse_expired_session();

alter table rootline.sessions enable row level security;
alter table rootline.sessions force row level security;
create policy own_tenant on rootline.sessions
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.investigations enable row level security;
alter table rootline.investigations force row level security;
create policy own_tenant on rootline.investigations
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.messages enable row level security;
alter table rootline.messages force row level security;
create policy own_tenant on rootline.messages
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));

alter table rootline.tool_calls enable row level security;
alter table rootline.tool_calls force row level security;
create policy own_tenant on rootline.tool_calls
  using (tenant_id = (select rootline.current_tenant()))
  with check (tenant_id = (select rootline.current_tenant()));
