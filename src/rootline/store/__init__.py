"""What outlives the process: the ledger of evidence, the journal of steps, sessions, incidents."""
