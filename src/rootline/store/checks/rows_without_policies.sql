-- Materialized views and foreign tables cannot have policies.
select place from relations where kind in ('m', 'f')
