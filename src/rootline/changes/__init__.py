"""Which change explains a symptom, with the diff lines that speak for and against it, or that none does."""
