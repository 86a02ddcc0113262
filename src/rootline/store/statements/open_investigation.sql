insert into rootline.investigations (id, session_id, trigger, opened_at, body)
values (%(id)s, %(session)s, %(trigger)s, %(opened_at)s, %(body)s);
