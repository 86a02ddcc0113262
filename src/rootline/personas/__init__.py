"""Who is asking: one readable file each."""
