-- Those that opened or joined an incident stay with it.
delete from rootline.incident_candidates
where tenant_id = rootline.current_tenant() and slot < %(seen)s and incident_id is null;
