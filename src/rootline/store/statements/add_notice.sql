insert into rootline.notices
  (key, delivery_id, incident_id, fingerprint, state, is_suppressed, at, fired_at, body)
values
  (%(key)s, %(delivery)s, %(incident)s, %(fingerprint)s, %(state)s, %(is_suppressed)s, %(at)s, %(fired_at)s, %(body)s);
