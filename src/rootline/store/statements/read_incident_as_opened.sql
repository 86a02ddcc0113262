select body, 'detected' as state from rootline.incidents where id = %(incident)s;
