select body from rootline.plans where investigation_id = %(investigation)s order by position;
