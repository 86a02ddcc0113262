-- Messages come as one JSON array, each with the bodies of its calls and its results, in order.
with given as (
  select sequence, role, body, calls, results from jsonb_to_recordset(%(messages)s::jsonb)
    as one (sequence integer, role text, body text, calls jsonb, results jsonb)
), messages as (
  insert into rootline.messages (investigation_id, sequence, role, body)
  select %(investigation)s, sequence, role, body from given
), calls as (
  insert into rootline.tool_calls (investigation_id, sequence, position, body)
  select %(investigation)s, sequence, place - 1, call
  from given, jsonb_array_elements_text(calls) with ordinality as one (call, place)
)
insert into rootline.tool_results (investigation_id, sequence, position, evidence_label, is_error, body)
select %(investigation)s, sequence, place - 1, nullif(result ->> 'evidence', ''),
  (result ->> 'is_error')::boolean, result ->> 'body'
from given, jsonb_array_elements(results) with ordinality as one (result, place);
