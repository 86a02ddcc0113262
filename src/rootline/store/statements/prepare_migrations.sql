create schema if not exists rootline;
create table if not exists rootline.schema_migrations (
  version integer not null,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now(),
  primary key (version, name)
);
