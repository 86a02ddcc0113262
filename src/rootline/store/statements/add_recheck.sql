-- The claim is found by its content; without one, `claim_position` is null and the database refuses the row.
insert into rootline.rechecks (investigation_id, round, position, claim_position, mark, body)
values (%(investigation)s, %(round)s, %(position)s,
  (select min(position) from rootline.claims
   where investigation_id = %(investigation)s and claim_sha256 = %(claim_sha256)s),
  %(mark)s, %(body)s);
