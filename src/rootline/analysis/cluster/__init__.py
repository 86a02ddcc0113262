"""Cluster state as text: parsed in one place, read in a sensible order, and explained with the lines that prove it."""
