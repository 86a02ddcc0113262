insert into rootline.reported_changes (key, delivery_id, kind, at, body)
values (%(key)s, %(delivery)s, %(kind)s, %(at)s, %(body)s)
on conflict do nothing;
