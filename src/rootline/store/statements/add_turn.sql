select rootline.add_turn(%(investigation)s, %(messages)s, %(evidence)s, %(bodies)b);
