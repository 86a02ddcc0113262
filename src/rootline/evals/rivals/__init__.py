"""Simpler methods that every suite is compared with, run on the same cases."""
