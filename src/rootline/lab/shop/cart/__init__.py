"""What visitors have chosen."""
