insert into rootline.incidents (id, severity, opened_at, body)
values (%(id)s, %(severity)s, %(opened_at)s, %(body)s);
