-- One at a time decides about the tenant's incidents, until the transaction ends.
select pg_advisory_xact_lock(hashtextextended(rootline.current_tenant()::text || ' intake', 0));
