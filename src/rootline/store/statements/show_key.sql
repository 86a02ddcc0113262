-- For this transaction alone: at its end the connection belongs to nobody again.
select set_config('app.tenant', %(key)s, true);
