insert into rootline.tool_calls (investigation_id, sequence, position, body)
values (%(investigation)s, %(sequence)s, %(position)s, %(body)s);
