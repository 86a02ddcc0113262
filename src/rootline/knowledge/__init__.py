"""What ships with Rootline for people to read: runbooks."""
