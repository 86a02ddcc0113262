"""What a diff holds: its lines, what is left of them once what moved is taken away, and which file they are in."""
