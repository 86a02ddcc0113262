delete from rootline.source_health where cluster = %(cluster)s;
