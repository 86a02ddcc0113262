insert into rootline.messages (investigation_id, sequence, role, body)
values (%(investigation)s, %(sequence)s, %(role)s, %(body)s);
