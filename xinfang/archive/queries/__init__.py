"""What is read of the archive: volumes, and what its pages show of them."""
