-- It holds the owner as well.
select place from tables where is_secured and not is_forced
