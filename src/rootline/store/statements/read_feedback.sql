select body from rootline.feedback where investigation_id = %(investigation)s order by position;
