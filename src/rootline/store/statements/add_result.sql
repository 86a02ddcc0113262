insert into rootline.tool_results (investigation_id, sequence, position, evidence_label, is_error, body)
values (%(investigation)s, %(sequence)s, %(position)s, nullif(%(evidence)s, ''), %(is_error)s, %(body)s);
