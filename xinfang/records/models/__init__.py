"""The case tables."""
