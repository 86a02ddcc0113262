-- Whether the investigation is there, and whether anything of a step is stored in it already.
select exists (select from rootline.investigations where id = %(investigation)s) as is_there,
  exists (select from rootline.messages
    where investigation_id = %(investigation)s and sequence = any (%(places)s::integer[]))
  or exists (select from rootline.evidence
    where investigation_id = %(investigation)s and label = any (%(labels)s::text[])) as is_taken;
