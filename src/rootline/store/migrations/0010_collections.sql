-- Runbooks become one of three collections of text, and vectors of any embedder have a place. `embedder` names who
-- made a vector and its size; vectors of different sizes are never compared.
alter table rootline.passages drop constraint passages_runbook_exists;
alter table rootline.passages drop constraint passages_pkey;
alter table rootline.passages drop constraint passages_vector;
alter table rootline.passages drop column if exists embedding;
alter table rootline.runbooks drop constraint runbooks_pkey;
drop index rootline.runbooks_one_current;

alter table rootline.runbooks
  add column collection text not null default 'runbooks'
    constraint runbooks_collection check (collection in ('runbooks', 'git_diff_chunks', 'incident_summaries')),
  add constraint runbooks_pkey primary key (tenant_id, collection, name, sha256);

create unique index runbooks_one_current on rootline.runbooks (tenant_id, collection, name) where is_current;

alter table rootline.passages
  add column collection text not null default 'runbooks',
  add column embedder text not null default 'spelling/256',
  add constraint passages_pkey primary key (tenant_id, collection, name, sha256, position),
  add constraint passages_vector check (cardinality(vector) between 1 and 8192),
  add constraint passages_runbook_exists foreign key (tenant_id, collection, name, sha256) references rootline.runbooks;
