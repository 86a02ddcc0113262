"""Readers of other layouts, each giving a recording."""
