"""What speaks for and against one change, one kind of evidence a file."""
