insert into rootline.claims
  (investigation_id, position, part, hypothesis_rank, mark, predicate, evidence_label, claim_sha256, body)
values
  (%(investigation)s, %(position)s, %(part)s, %(rank)s, %(mark)s, %(predicate)s, %(evidence)s, %(claim_sha256)s, %(body)s);
