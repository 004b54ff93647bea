"""What is written: taking messages in, and what people decide on them."""
