"""The shop's records, in tables."""
