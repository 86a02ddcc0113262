"""Many clusters asked as one: each in parallel, each with its deadline, each named in what comes back."""
