"""What a diff could do, one kind of doing a file."""
