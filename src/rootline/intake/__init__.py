"""Webhooks, watchers, and what becomes of an alert."""
