"""Where signals come from: one Protocol per noun with its recording beside it."""
