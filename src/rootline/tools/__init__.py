"""One file per verb a model may call. Each answers with a reading, which the ledger turns into evidence."""
