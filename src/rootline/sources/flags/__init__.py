"""Feature flags: what each was set to, and when that changed."""
