"""Metric series: the read interface, the live backends behind it, and what their raw names can be read as."""
