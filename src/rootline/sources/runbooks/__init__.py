"""Operational text: the read interface, and the places where people keep it."""
