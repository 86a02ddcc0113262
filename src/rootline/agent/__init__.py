"""The loop: ask, read, argue, verify."""
