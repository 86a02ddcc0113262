"""What people read and take away. Each sentence shows its mark; nothing is written that was not stored."""
