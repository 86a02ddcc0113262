select key from rootline.notices where key = any(%(keys)s);
