delete from rootline.notices where tenant_id = rootline.current_tenant() and at < %(seen)s;
