-- One writer of the tenant's runbooks at a time, until the transaction ends.
select pg_advisory_xact_lock(hashtextextended(rootline.current_tenant()::text || ' runbooks', 0));
