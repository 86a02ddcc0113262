select body from rootline.watch_rounds where cluster = %(cluster)s order by slot desc limit 1;
