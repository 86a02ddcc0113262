"""What the numbers and lines of a database say about its health, by fixed limits rather than by movement alone."""
