delete from rootline.anomaly_features where tenant_id = rootline.current_tenant() and slot < %(seen)s;
