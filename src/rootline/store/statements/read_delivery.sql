select body from rootline.deliveries where vendor = %(vendor)s and key = %(key)s;
