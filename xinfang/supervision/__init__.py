"""督办: the grounds of supervision that the system finds, and the board of them (H5)."""
