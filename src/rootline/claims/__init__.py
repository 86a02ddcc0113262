"""The checker: re-reads stored evidence and marks each claim verified, contradicted, not found or stale."""
