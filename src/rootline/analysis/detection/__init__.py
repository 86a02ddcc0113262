"""Detection on a schedule: what every service's golden signals say right now, and whether that is an incident."""
