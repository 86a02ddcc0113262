-- A sequence counts for all tenants together.
select place from relations where kind = 'S'
