"""Numbers in, findings out: no I/O, no clock, no randomness."""
