-- A turn is stored by one call: evidence behind what is there, then messages with their calls and results.
-- It runs with the rights of whoever calls it, who has shown the tenant's key. Each body is text and stays so, to
-- the character: those of evidence come as an array, the others as strings within the JSON of their messages.
create function rootline.add_turn(investigation uuid, told_messages jsonb, told_evidence jsonb, evidence_bodies text[])
  returns void
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  -- One writer of an investigation at a time, until the transaction ends.
  perform pg_advisory_xact_lock(hashtextextended(investigation::text, 0));

  insert into rootline.evidence (investigation_id, label, position, status, sha256, taken_at, body)
  select investigation, one.label, stored.count + one.place - 1, one.status, one.sha256, one.taken_at,
    evidence_bodies[one.place]
  from rows from (jsonb_to_recordset(told_evidence) as (label text, status text, sha256 text, taken_at timestamptz))
      with ordinality as one (label, status, sha256, taken_at, place),
    (select count(*) from rootline.evidence where investigation_id = investigation) as stored;

  with given as (
    select sequence, role, body, calls, results from jsonb_to_recordset(told_messages)
      as one (sequence integer, role text, body text, calls jsonb, results jsonb)
  ), messages as (
    insert into rootline.messages (investigation_id, sequence, role, body)
    select investigation, sequence, role, body from given
  ), calls as (
    insert into rootline.tool_calls (investigation_id, sequence, position, body)
    select investigation, sequence, place - 1, call
    from given, jsonb_array_elements_text(calls) with ordinality as one (call, place)
  )
  insert into rootline.tool_results (investigation_id, sequence, position, evidence_label, is_error, body)
  select investigation, sequence, place - 1, nullif(result ->> 'evidence', ''),
    (result ->> 'is_error')::boolean, result ->> 'body'
  from given, jsonb_array_elements(results) with ordinality as one (result, place);
end;
$$;
