"""Log lines: the read interface, the live backends behind it, and what a line says."""
