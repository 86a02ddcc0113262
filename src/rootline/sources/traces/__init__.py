"""Spans: the read interface, the live backends behind it, and the formats that spans are sent in."""
