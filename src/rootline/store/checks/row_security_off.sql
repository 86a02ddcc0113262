-- Row-level security is on.
select place from tables where not is_secured
union all
select place from relations where place = 'rootline.tenants' and not is_secured
