-- What was reported is kept longer than the request that told it.
alter table rootline.reported_changes alter column delivery_id drop not null;
