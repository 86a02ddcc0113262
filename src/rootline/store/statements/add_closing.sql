insert into rootline.closings (investigation_id, state, outcome) values (%(investigation)s, %(state)s, %(outcome)s);
