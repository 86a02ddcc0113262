"""What was changed: the read interface, local clones, and several sources as one."""
