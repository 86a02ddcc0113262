"""What the shop does not own: its visitors, the bank, and others on the same machine."""
