-- What they told stays, each for as long as its kind is kept.
with gone as (
  select id from rootline.deliveries where tenant_id = rootline.current_tenant() and received_at < %(told)s
), notices as (
  update rootline.notices set delivery_id = null
  where tenant_id = rootline.current_tenant() and delivery_id in (select id from gone)
), changes as (
  update rootline.reported_changes set delivery_id = null
  where tenant_id = rootline.current_tenant() and delivery_id in (select id from gone)
)
delete from rootline.deliveries
where tenant_id = rootline.current_tenant() and id in (select id from gone);
