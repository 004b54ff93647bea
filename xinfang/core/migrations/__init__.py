"""The migrations of the core's tables."""
