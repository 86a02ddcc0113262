"""Gating policies, one file a version."""
