"""What runs by itself: the deadline sweep and its kin."""
