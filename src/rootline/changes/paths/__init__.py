"""What a path tells: what kind of file it is, and whose code."""
