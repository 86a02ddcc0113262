"""Charges cards through the bank."""
