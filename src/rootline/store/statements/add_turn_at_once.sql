-- A transaction of its own: the key is shown before the call is made, and is gone with the end of the statement.
select rootline.add_turn(%(investigation)s, %(messages)s, %(evidence)s, %(bodies)b)
from set_config('app.tenant', %(key)s, true);
