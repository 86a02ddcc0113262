select body from rootline.reported_changes
where at >= %(start)s and at < %(end)s order by at desc, key limit %(limit)s;
