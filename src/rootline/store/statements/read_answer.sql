select body from rootline.answers where investigation_id = %(investigation)s;
