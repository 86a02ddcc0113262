-- A session without an investigation expires 24 hours after its last activity, seven days after its opening at most.
delete from rootline.sessions s
where s.tenant_id = rootline.current_tenant()
  and least(s.active_at + interval '24 hours', s.opened_at + interval '168 hours') < %(told)s
  and not exists (
    select from rootline.investigations i where i.tenant_id = s.tenant_id and i.session_id = s.id
  );
