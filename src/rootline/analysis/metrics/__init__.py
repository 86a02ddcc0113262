"""What changed in a metric, since when, how strongly, and which service it points to."""
