"""What visitors talk to."""
