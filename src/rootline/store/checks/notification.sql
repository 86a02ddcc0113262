-- Everyone in the database hears a notification.
select place from functions where coalesce(pg_get_function_sqlbody(oid), prosrc) ~* '\mnotify\M|pg_notify'
