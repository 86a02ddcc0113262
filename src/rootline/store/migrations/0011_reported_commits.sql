-- Commits that a forge reports are changes as well.
alter table rootline.reported_changes drop constraint reported_changes_kind;
alter table rootline.reported_changes
  add constraint reported_changes_kind check (kind in ('deployment', 'config', 'flag', 'commit'));
