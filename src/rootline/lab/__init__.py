"""A small shop that anyone can break."""
