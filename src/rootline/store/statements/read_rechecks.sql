select body from rootline.rechecks where investigation_id = %(investigation)s order by round, position;
