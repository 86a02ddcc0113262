delete from rootline.reported_changes where tenant_id = rootline.current_tenant() and at < %(seen)s;
