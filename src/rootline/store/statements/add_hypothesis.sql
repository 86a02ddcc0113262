-- Without a verified claim for it, `proof` finds nothing and the database refuses the row.
insert into rootline.hypotheses (investigation_id, rank, type, remediation, is_proven, confidence, proof, body)
values (%(investigation)s, %(rank)s, %(type)s, %(remediation)s, %(is_proven)s, %(confidence)s,
  (select min(position) from rootline.claims
   where investigation_id = %(investigation)s and hypothesis_rank = %(rank)s and part = 'support' and mark = 'verified'),
  %(body)s);
