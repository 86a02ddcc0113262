"""Alerts: the read interface, the live backends behind it, and several of them as one."""
