"""What is wrong with GPUs, from the fields that DCGM reads off them."""
