"""Causes outside of all changes: whether the numbers or the words tell of one."""
