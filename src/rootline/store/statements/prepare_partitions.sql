-- A partition for this month and each of the next two, unless it is there. Like every table it has the one policy
-- and no statistics; the app role is given nothing on it and goes through its parent.
do $$
declare
  month date;
  part text;
  field name;
begin
  for ahead in 0..2 loop
    month := (date_trunc('month', now() at time zone 'utc') + make_interval(months => ahead))::date;
    part := 'anomaly_features_' || to_char(month, 'YYYY_MM');
    continue when to_regclass('rootline.' || part) is not null;
    -- A lock on the table, not an advisory one: only that makes this session forget that it saw no such partition.
    lock table rootline.anomaly_features in share update exclusive mode;
    continue when to_regclass('rootline.' || part) is not null;
    begin
      execute format(
        'create table rootline.%I partition of rootline.anomaly_features for values from (%L) to (%L)',
        part, month::text || ' 00:00+00', (month + interval '1 month')::date::text || ' 00:00+00');
      execute format('alter table rootline.%I enable row level security', part);
      execute format('alter table rootline.%I force row level security', part);
      execute format(
        'create policy own_tenant on rootline.%I using (tenant_id = (select rootline.current_tenant()))'
        ' with check (tenant_id = (select rootline.current_tenant()))', part);
      for field in
        select attname from pg_attribute
        where attrelid = ('rootline.' || part)::regclass and attnum > 0 and not attisdropped
      loop
        execute format('alter table rootline.%I alter column %I set statistics 0', part, field);
      end loop;
    exception when check_violation then
      null; -- the last partition holds rows of that month already, and keeps taking them
    end;
  end loop;
end;
$$;
