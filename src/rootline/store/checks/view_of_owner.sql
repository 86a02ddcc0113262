-- A view reads with its owner's rights unless it is told not to.
select place from relations
where kind = 'v' and not coalesce(options && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false)
