"""What all services of the shop build from."""
