insert into rootline.answers (investigation_id, outcome, body) values (%(investigation)s, %(outcome)s, %(body)s);
